/** What the completions document of the site offers (`/sparql/completions.json`), ready to be searched. */

import type { Language } from "./words";

interface Entry {
  iri: string;
  de: string;
  en?: string;
}

export interface Completions {
  prefixes: Record<string, string>;
  classes: (Entry & { count: number })[];
  properties: (Entry & { count: number })[];
  graphs: Entry[];
  things: (Entry & { class: string | null })[];
}

/** Something that has an IRI. `texts` are its labels in all languages, as they are searched. */
export interface Offer {
  iri: string;
  label: string;
  detail: string;
  texts: string[];
  weight: number;
}

export interface Offers {
  prefixes: Map<string, string>;
  classes: Offer[];
  properties: Offer[];
  graphs: Offer[];
  things: Offer[];
}

// What a name may be made of so that no character has to be escaped (SPARQL 1.1, PN_LOCAL).
const LOCAL = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u;

/** Fetches the document. Fails when it cannot be had. */
export async function fetchOffers(address: string, language: Language): Promise<Offers> {
  const answer = await fetch(address, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return offersOf(await answer.json() as Completions, language);
}

function offersOf(found: Completions, language: Language): Offers {
  const offer = (entry: Entry, detail: string, weight = 0): Offer => ({
    iri: entry.iri, label: label(entry, language), detail, weight,
    texts: [entry.de, entry.en ?? ""].map(searchable),
  });
  const counted = (entries: Completions["classes"]) => entries.map((entry) =>
    offer(entry, `${label(entry, language)} · ${entry.count}`, entry.count));
  const classes = new Map(found.classes.map((entry) => [entry.iri, label(entry, language)]));
  return {
    prefixes: new Map(Object.entries(found.prefixes)),
    classes: counted(found.classes),
    properties: counted(found.properties),
    graphs: found.graphs.map((entry) => offer(entry, entry.iri)),
    things: found.things.map((entry) => offer(entry, classes.get(entry.class ?? "") ?? "")),
  };
}

function label(entry: Entry, language: Language): string {
  return (language === "en" && entry.en) || entry.de;
}

/** A text as it is compared: without case and diacritics. */
export function searchable(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/ß/g, "ss");
}

/** How an IRI is written in a query: the prefix used, if any, is declared there or one of the site's. */
export function written(
  iri: string, declared: Map<string, string>, known: Map<string, string>,
): { text: string; prefix?: string } {
  for (const prefixes of [declared, known]) {
    for (const [prefix, namespace] of prefixes) {
      const hidden = prefixes === known && declared.has(prefix);
      if (!hidden && iri.startsWith(namespace) && LOCAL.test(iri.slice(namespace.length))) {
        return { text: `${prefix}:${iri.slice(namespace.length)}`, prefix };
      }
    }
  }
  return { text: `<${iri}>` };
}
