/** Reads a query, finished or not: its tokens, and what SPARQL 1.1 expects where it ends. */

export interface Token {
  text: string;
  from: number;
  to: number;
}

/** What can stand at a place; `clause` is a place for keywords and variables only. */
export type Slot =
  | "start" | "prefix" | "namespace" | "dataset" | "graph" | "described" | "clause"
  | "subject" | "predicate" | "class" | "object" | "values" | "constraint" | "expression";

export interface Bracket {
  mark: string;
  from: number;
  /** What is expected once it is closed. */
  then: Slot;
}

export interface Scan {
  slot: Slot;
  /** The brackets that are open, the innermost last. */
  open: Bracket[];
  /** The query ends inside a comment or a string. */
  quoted: boolean;
}

// Comments, IRIs, strings, variables, language tags, prefixed names, words, numbers, operators, marks.
const TOKEN = new RegExp([
  /#[^\n]*/u, /<[^\s<>"{}|^`\\]*>/u,
  /"""(?:[^\\]|\\[^])*?(?:"""|$)/u, /'''(?:[^\\]|\\[^])*?(?:'''|$)/u,
  /"(?:[^"\\\n]|\\.)*"?/u, /'(?:[^'\\\n]|\\.)*'?/u,
  /[?$][\p{L}\p{N}_]+/u, /@[A-Za-z][A-Za-z0-9-]*/u,
  /(?:[\p{L}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?)?:(?:\\.|%[0-9A-Fa-f]{2}|[\p{L}\p{N}_:-]|\.+(?=[\p{L}\p{N}_:-]))*/u,
  /[\p{L}_][\p{L}\p{N}_]*/u, /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/u,
  /\^\^|&&|\|\||[!<>]=|\S/u,
].map((part) => part.source).join("|"), "gu");

const TERM = /^(?:[<"'?$\d]|(?:true|false|UNDEF)$|[^\s"'<]*:)/iu;
const COMMENT_OR_OPEN_STRING = /^(?:#|("""|''')(?!(?:[^\\]|\\[^])*\1$)|(["'])(?!\2\2)(?!(?:[^\\]|\\.)*\2$))/;
const RDF_TYPE = new Set(["a", "rdf:type", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"]);
const AFTER_WORD: Readonly<Record<string, Slot>> = {
  PREFIX: "prefix", BASE: "namespace", FROM: "dataset", GRAPH: "graph", DESCRIBE: "described", VALUES: "values",
  FILTER: "constraint", BIND: "constraint", HAVING: "constraint",
  SELECT: "clause", ASK: "clause", CONSTRUCT: "clause", WHERE: "clause", OPTIONAL: "clause", UNION: "clause",
  MINUS: "clause", SERVICE: "clause", GROUP: "clause", ORDER: "clause", LIMIT: "clause", OFFSET: "clause",
};
const AFTER_TERM: Partial<Readonly<Record<Slot, Slot>>> = {
  prefix: "namespace", namespace: "start", dataset: "clause", graph: "clause",
  subject: "predicate", predicate: "object", class: "clause", object: "clause",
};

export function* tokens(query: string): Generator<Token> {
  for (const match of query.matchAll(TOKEN)) {
    yield { text: match[0], from: match.index, to: match.index + match[0].length };
  }
}

/** Tells what is expected after a beginning of a query, by its tokens alone: it need not be well-formed. */
export function scan(beginning: string): Scan {
  const open: Bracket[] = [];
  let slot: Slot = "start";
  let objects: Slot = "object";
  let last: Token | undefined;
  for (const token of tokens(beginning)) {
    last = token;
    const { text } = token;
    const inside = open.at(-1)?.mark;
    const triples = inside === "{" || inside === "[";
    if (text.startsWith("#")) continue;
    if (text === "{" || text === "(" || text === "[") {
      const [then, within] = opened(text, slot);
      open.push({ mark: text, from: token.from, then });
      slot = within;
    } else if (text === "}" || text === ")" || text === "]") {
      const then = open.pop()?.then ?? "clause";
      // A finished group or constraint ends what stands before it; a finished list is a term.
      const ends = text === "}" || then === "constraint";
      if (ends && then !== "expression") slot = open.length ? "subject" : "clause";
      else slot = text === "}" ? then : (AFTER_TERM[then] ?? then);
    } else if (text === "." && triples) {
      slot = "subject";
    } else if (text === ";" && triples) {
      slot = "predicate";
    } else if (text === "," && triples) {
      slot = objects;
    } else if ((text === "/" || text === "|") && (slot === "object" || slot === "class")) {
      slot = "predicate";
    } else if (slot === "predicate" && RDF_TYPE.has(text)) {
      slot = objects = "class";
    } else if (TERM.test(text)) {
      if (slot === "predicate") objects = "object";
      slot = AFTER_TERM[slot] ?? slot;
    } else {
      slot = AFTER_WORD[text.toUpperCase()] ?? slot;
    }
  }
  const quoted = last?.to === beginning.length && COMMENT_OR_OPEN_STRING.test(last.text);
  return { slot, open, quoted };
}

/** The slots after a bracket is closed and within it. */
function opened(mark: string, slot: Slot): [Slot, Slot] {
  if (mark === "[") return [slot, "predicate"];
  if (mark === "{") {
    return [slot === "expression" ? "expression" : "clause", slot === "values" ? "values" : "subject"];
  }
  switch (slot) {
    case "predicate": case "values": return [slot, slot];
    case "subject": case "object": case "class": return [slot, "values"];
    default: return [slot, "expression"];
  }
}

/** The prefixes that a query declares, and where its last declaration ends (0: it has none). */
export function declarations(query: string): { prefixes: Map<string, string>; end: number } {
  const prefixes = new Map<string, string>();
  let end = 0;
  const found = [...tokens(query)].filter((token) => !token.text.startsWith("#"));
  found.forEach((token, index) => {
    const [name, iri] = [found[index + 1], found[index + 2]];
    if (token.text.toUpperCase() === "PREFIX" && name?.text.endsWith(":") && iri?.text.startsWith("<")) {
      prefixes.set(name.text.slice(0, -1), iri.text.slice(1, -1));
      end = iri.to;
    }
  });
  return { prefixes, end };
}

/** The variables of a query, each once, without the one that stands at a place. */
export function variables(query: string, except: number): string[] {
  const found = [...tokens(query)].filter((token) => /^[?$]./u.test(token.text) && token.from !== except);
  return [...new Set(found.map((token) => `?${token.text.slice(1)}`))];
}
