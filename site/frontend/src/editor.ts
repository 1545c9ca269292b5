/**
 * Makes the text field of the query form an editor. The field stays in the form, hidden and always up to date; where the
 * editor cannot start, it stays as it is.
 *
 * The field says where to get completions (`data-completions`) and, after an error, what the server found
 * (`data-error-line`, `data-error-column`, both from 1, `data-error-message`).
 */

import { autocompletion, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { history, historyKeymap, standardKeymap } from "@codemirror/commands";
import { bracketMatching, LanguageSupport } from "@codemirror/language";
import { diagnosticCount } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { SparqlLanguage } from "codemirror-lang-sparql";

import { completions } from "./completion";
import { Faults, offsetOf } from "./faults";
import { furtherTags, look, SHEET } from "./look";
import { fetchOffers } from "./offers";
import { pageLanguage, wordsIn } from "./words";

const field = document.querySelector<HTMLTextAreaElement>("textarea#query");
// Without constructable style sheets, styles would have to be written into the page, which its policy forbids.
if (field && "adoptedStyleSheets" in Document.prototype) enhance(field);

function enhance(field: HTMLTextAreaElement): void {
  const language = pageLanguage();
  const words = wordsIn(language);
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(SHEET);
  root.adoptedStyleSheets = [sheet];
  const [status, hint] = [document.createElement("p"), document.createElement("p")];
  status.setAttribute("role", "status");
  const mac = /mac|iphone|ipad/i.test(navigator.platform);
  hint.id = "keys";
  hint.textContent = words.keys(mac ? "Cmd" : words.control);

  const faults = new Faults(words, (message) => { status.textContent = message; });
  const { completions: address, errorLine, errorColumn, errorMessage } = field.dataset;
  const view = new EditorView({
    root,
    state: EditorState.create({ doc: field.value, extensions: [
      keymap.of([
        { key: "Mod-Enter", run: () => { field.form?.requestSubmit(); return true; } },
        // Tab always leaves the editor, and that as if the list, which can be scrolled and so be focused, were not there.
        { key: "Tab", run: leave, shift: leave },
        ...completionKeymap, ...historyKeymap, ...standardKeymap,
      ]),
      lineNumbers(), history(), bracketMatching(), EditorView.lineWrapping, look,
      new LanguageSupport(SparqlLanguage.configure({ props: [furtherTags] })),
      autocompletion({
        icons: false, override: [completions(() => address === undefined
          ? Promise.reject(new Error("no completions")) : fetchOffers(address, language), words)],
      }),
      EditorState.phrases.of(words.phrases),
      EditorView.updateListener.of((update) => { if (update.docChanged) field.value = update.state.doc.toString(); }),
      faults.listener, EditorView.domEventHandlers({ beforeinput: typeOver }),
      EditorView.contentAttributes.of((view) => ({
        "aria-label": [...field.labels].map((label) => label.textContent!.trim()).join(" "),
        "aria-describedby": hint.id,
        "aria-required": String(field.required),
        "aria-invalid": String(diagnosticCount(view.state) > 0),
        tabindex: "0", // as it is without: said so that checkers see how a long text is scrolled by keyboard
      })),
    ] }),
  });
  root.append(view.dom, status, hint);
  field.after(host);
  field.style.display = "none";

  for (const label of field.labels) {
    label.addEventListener("click", (event) => { event.preventDefault(); view.focus(); });
  }
  field.addEventListener("invalid", (event) => {
    event.preventDefault(); // the browser cannot point at a hidden field
    view.focus();
    status.textContent = words.empty;
  });
  if (errorMessage !== undefined) {
    const offset = offsetOf(view.state.doc, Number(errorLine ?? 1), Number(errorColumn ?? 1));
    faults.report(view, offset, errorMessage);
  }
}

function leave(view: EditorView): boolean {
  closeCompletion(view);
  return false; // what Tab does is left to the browser
}

/**
 * Replaces a selection by what is typed. Left to itself, Chromium writes the style of what it deletes into the text, which
 * the policy of the page forbids.
 */
function typeOver(event: InputEvent, view: EditorView): boolean {
  if (event.inputType !== "insertText" || event.data === null || view.composing || view.state.selection.main.empty) return false;
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  return true; // and the browser's own way is prevented
}
