/** Completion: what fits where the cursor stands, found by name or by a label in either language. */

import {
  type Completion, type CompletionContext, type CompletionResult, type CompletionSource, pickedCompletion, startCompletion,
} from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";

import { type Offers, searchable, written } from "./offers";
import { declarations, scan, type Slot, variables } from "./scan";
import type { Words } from "./words";

const MOST = 100;
const FORMS = ["PREFIX", "SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "BASE"];
const CLAUSES = [
  "WHERE", "DISTINCT", "FROM", "FROM NAMED", "OPTIONAL", "FILTER", "FILTER NOT EXISTS", "BIND", "VALUES", "UNION", "MINUS",
  "GRAPH", "SELECT", "GROUP BY", "ORDER BY", "HAVING", "LIMIT", "OFFSET", "ASC", "DESC", "AS",
];
const FUNCTIONS = [
  "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT", "DISTINCT", "SEPARATOR", "AS", "STR", "LANG", "LANGMATCHES",
  "DATATYPE", "BOUND", "IRI", "ABS", "CEIL", "FLOOR", "ROUND", "CONCAT", "STRLEN", "UCASE", "LCASE", "ENCODE_FOR_URI",
  "CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "SUBSTR", "REPLACE", "REGEX", "YEAR", "MONTH", "DAY",
  "COALESCE", "IF", "IN", "NOT", "EXISTS", "ISIRI", "ISBLANK", "ISLITERAL", "ISNUMERIC", "SAMETERM", "STRLANG", "STRDT",
];
const KEYWORDS: Partial<Record<Slot, string[]>> = {
  start: FORMS, dataset: ["NAMED"], clause: [...CLAUSES, ...FUNCTIONS], subject: CLAUSES, values: ["UNDEF"],
  constraint: FUNCTIONS, expression: FUNCTIONS,
};
type Kind = "classes" | "properties" | "graphs" | "things";
// In this order; no slot that is not named here takes an IRI.
const KINDS: Partial<Record<Slot, Kind[]>> = {
  dataset: ["graphs"], graph: ["graphs"], subject: ["things", "classes"], predicate: ["properties"], class: ["classes"],
  object: ["things", "classes", "properties"], values: ["things", "classes", "properties", "graphs"],
  described: ["things", "classes"], constraint: ["things"], expression: ["things", "classes", "properties"],
};
const WITHOUT_VARIABLES = new Set<Slot>(["start", "prefix", "namespace", "dataset"]);
const WORD = /(?:[\p{L}_][\p{L}\p{N}_.-]*)?(?::[\p{L}\p{N}_.:-]*)?$/u;

interface Candidate {
  completion: Completion;
  /** What it is found by, as it is compared; the first is its name. */
  texts: string[];
  weight: number;
}

/** Makes the source of completions; `load` fetches what the site offers and is called on first use. */
export function completions(load: () => Promise<Offers>, words: Words): CompletionSource {
  let loading: Promise<Offers> | undefined;
  return async (context) => {
    const typed = context.matchBefore(/[?$][\p{L}\p{N}_]*$|<[^\s<>"{}|^`\\]*$/u) ?? context.matchBefore(WORD);
    if (!typed || (typed.text === "" && !context.explicit)) return null;
    const query = context.state.doc.toString();
    const { slot, quoted } = scan(query.slice(0, typed.from));
    if (quoted || scan(query.slice(0, context.pos)).quoted || slot === "namespace") return null;
    loading ??= load();
    let offers: Offers | undefined;
    try {
      offers = await loading;
    } catch {
      loading = undefined; // keywords and variables need none; the next use tries anew
    }
    return result(context, query, typed, slot, offers, words);
  };
}

function result(
  context: CompletionContext, query: string, typed: { from: number; text: string }, slot: Slot,
  offers: Offers | undefined, words: Words,
): CompletionResult | null {
  const groups: Candidate[][] = [];
  const variable = /^[?$]/.test(typed.text);
  if (!WITHOUT_VARIABLES.has(slot)) groups.push(variables(query, typed.from).map((name) => plain(name, words.variable)));
  if (!variable) {
    if (slot === "predicate") groups.push([plain("a", words.type)]);
    if (offers) groups.push(...offered(offers, slot, query, words));
    groups.push((KEYWORDS[slot] ?? []).map((name) => plain(name, words.keyword)));
  }
  const wanted = searchable(typed.text);
  const options = groups.flatMap((group, place) => group.map((candidate) => ({
    candidate, place, rank: Math.max(...candidate.texts.map((text, index) => rank(text, wanted) + (index ? 0 : 0.5))),
  })))
    .filter((option) => option.rank >= 1)
    .sort((a, b) => b.rank - a.rank || a.place - b.place || b.candidate.weight - a.candidate.weight
      || a.candidate.completion.label.localeCompare(b.candidate.completion.label))
    .slice(0, MOST).map((option) => option.candidate.completion);
  return options.length && !context.aborted ? { from: typed.from, options, filter: false } : null;
}

/** How well a text fits what is typed: 3 at its beginning, 2 at that of a word, 1 within, 0 not at all. */
function rank(text: string, wanted: string): number {
  if (text.startsWith(wanted)) return 3;
  const at = text.indexOf(wanted);
  if (at < 0) return 0;
  return /[^\p{L}\p{N}]/u.test(text[at - 1]!) || text.includes(` ${wanted}`) ? 2 : Number(wanted.length > 2);
}

/** What the list shows; the space keeps the two apart where they are read out. */
function option(label: string, detail: string, apply?: Completion["apply"]): Completion {
  return { label, detail: ` ${detail}`, apply };
}

function plain(name: string, detail: string, apply?: Completion["apply"]): Candidate {
  return { completion: option(name, detail, apply), texts: [searchable(name)], weight: 0 };
}

function* offered(offers: Offers, slot: Slot, query: string, words: Words): Generator<Candidate[]> {
  const { prefixes: declared, end } = declarations(query);
  const all = new Map([...offers.prefixes, ...declared]);
  const apply = (text: string, prefix: string | undefined) => {
    const namespace = prefix !== undefined && !declared.has(prefix) ? offers.prefixes.get(prefix) : undefined;
    const line = namespace === undefined ? "" : `PREFIX ${prefix}: <${namespace}>`;
    return insert(text, end ? { at: end, text: line && `\n${line}` } : { at: 0, text: line && `${line}\n` });
  };
  if (slot === "prefix" || KINDS[slot]) {
    yield [...all].map(([prefix, namespace]) => {
      const name = `${prefix}:`;
      const change = slot === "prefix" ? insert(`${name} <${namespace}>`) : apply(name, prefix);
      return plain(name, `${words.prefix} ${namespace}`, change);
    });
  }
  for (const kind of KINDS[slot] ?? []) {
    yield offers[kind].map((offer) => {
      const { text, prefix } = written(offer.iri, declared, offers.prefixes);
      // Terms of the vocabulary are shown by the name that is written, all else by its label.
      const label = kind === "classes" || kind === "properties" ? text : offer.label;
      return {
        completion: option(label, offer.detail, apply(text, prefix)), texts: [searchable(text), ...offer.texts],
        weight: offer.weight,
      };
    });
  }
}

/** Writes a text in place of what was typed, and further text elsewhere, in one step that can be undone. */
function insert(text: string, further?: { at: number; text: string }): Exclude<Completion["apply"], string | undefined> {
  return (view: EditorView, completion, from, to) => {
    const changes = [{ from, to, insert: text }];
    if (further?.text) changes.push({ from: further.at, to: further.at, insert: further.text });
    const shift = further && further.at <= from ? further.text.length : 0;
    view.dispatch({
      changes, selection: { anchor: from + shift + text.length }, scrollIntoView: true, userEvent: "input.complete",
      annotations: pickedCompletion.of(completion),
    });
    if (text.endsWith(":")) startCompletion(view);
  };
}
