/** What is wrong with a query: the first syntax error as its author types, or what the server has said of it. */

import { ensureSyntaxTree } from "@codemirror/language";
import { type Diagnostic, diagnosticCount, setDiagnostics } from "@codemirror/lint";
import type { EditorState, Text } from "@codemirror/state";
import { EditorView, type ViewUpdate } from "@codemirror/view";

import { scan, type Token, tokens } from "./scan";
import type { Words } from "./words";

const PAUSE = 600;
const PARSING = 200;

/** Shows faults in a view. `say` is told the one shown with its line (empty: none). */
export class Faults {
  private timer: number | undefined;

  constructor(private readonly words: Words, private readonly say: (message: string) => void) {}

  readonly listener = EditorView.updateListener.of((update) => this.follow(update));

  /** Shows a fault at an offset of the query until it is edited. */
  report(view: EditorView, offset: number, message: string): void {
    this.show(view, diagnostic(view.state.doc.toString(), offset, message));
  }

  private follow(update: ViewUpdate): void {
    if (!update.docChanged) return;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.show(update.view, syntaxFault(update.view.state, this.words)), PAUSE);
    if (diagnosticCount(update.state)) this.show(update.view, undefined);
  }

  private show(view: EditorView, fault: Diagnostic | undefined): void {
    view.dispatch(setDiagnostics(view.state, fault ? [fault] : []));
    this.say(fault ? this.words.line(view.state.doc.lineAt(fault.from).number, fault.message) : "");
  }
}

/** The offset of a line and column that count from 1 in Unicode characters; at most the end of the document. */
export function offsetOf(doc: Text, line: number, column: number): number {
  if (line > doc.lines) return doc.length;
  const found = doc.line(Math.max(line, 1));
  return found.from + [...found.text].slice(0, Math.max(column - 1, 0)).join("").length;
}

function syntaxFault(state: EditorState, words: Words): Diagnostic | undefined {
  const query = state.doc.toString();
  const tree = query.trim() ? ensureSyntaxTree(state, query.length, PARSING) : null;
  let offset: number | undefined;
  tree?.iterate({ enter: (node) => {
    if (node.type.isError) offset ??= node.from;
    return offset === undefined;
  } });
  if (offset === undefined) return undefined;
  const token = tokenAt(query, offset);
  if (token) return diagnostic(query, offset, words.unexpected(token.text));
  const open = scan(query).open.at(-1);
  const message = open ? words.unclosed(open.mark, state.doc.lineAt(open.from).number) : words.incomplete;
  return diagnostic(query, offset, message);
}

/** Underlines the token at an offset, the last one where none follows. */
function diagnostic(query: string, offset: number, message: string): Diagnostic {
  const { from, to } = tokenAt(query, offset) ?? [...tokens(query)].at(-1) ?? { from: 0, to: 0 };
  return { from, to, severity: "error", message };
}

function tokenAt(query: string, offset: number): Token | undefined {
  return [...tokens(query)].find((token) => token.to > offset && !token.text.startsWith("#"));
}
