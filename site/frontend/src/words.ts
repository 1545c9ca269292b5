/** What the editor says, in the languages of the site. */

const GERMAN = {
  unexpected: (text: string) => `Syntaxfehler: „${text}“ passt hier nicht.`,
  unclosed: (mark: string, line: number) => `Syntaxfehler: „${mark}“ aus Zeile ${line} ist nicht geschlossen.`,
  incomplete: "Syntaxfehler: Die Abfrage ist hier noch nicht vollständig.",
  empty: "Bitte eine Abfrage eingeben.",
  line: (number: number, message: string) => `Zeile ${number}: ${message}`,
  keys: (key: string) => `Strg + Leertaste zeigt Vorschläge, Escape schließt sie, ${key} + Eingabe führt die Abfrage aus.`,
  control: "Strg",
  prefix: "Präfix", keyword: "Schlüsselwort", variable: "Variable", type: "Klasse",
  phrases: { Completions: "Vorschläge", "Selection deleted": "Auswahl gelöscht", "Control character": "Steuerzeichen" },
};

const ENGLISH: typeof GERMAN = {
  unexpected: (text) => `Syntax error: “${text}” does not fit here.`,
  unclosed: (mark, line) => `Syntax error: “${mark}” of line ${line} is not closed.`,
  incomplete: "Syntax error: the query is not complete here.",
  empty: "Please enter a query.",
  line: (number, message) => `Line ${number}: ${message}`,
  keys: (key) => `Ctrl + Space shows suggestions, Escape closes them, ${key} + Enter runs the query.`,
  control: "Ctrl",
  prefix: "prefix", keyword: "keyword", variable: "variable", type: "class",
  phrases: { Completions: "Suggestions", "Selection deleted": "Selection deleted", "Control character": "Control character" },
};

export type Language = "de" | "en";
export type Words = typeof GERMAN;

/** The language of the page: German unless it says English. */
export function pageLanguage(): Language {
  return document.documentElement.lang.toLowerCase().startsWith("en") ? "en" : "de";
}

export function wordsIn(language: Language): Words {
  return language === "en" ? ENGLISH : GERMAN;
}
