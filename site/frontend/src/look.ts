/** How the editor looks: colours are KERN's custom properties, which a shadow root inherits and which know the dark. */

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { styleTags, tags } from "@lezer/highlight";
import { EditorView } from "@codemirror/view";

const TEXT = "var(--kern-color-layout-text-default)";
const MUTED = "var(--kern-color-layout-text-muted)";
const BACKGROUND = "var(--kern-color-layout-background-default)";
const SURFACE = "var(--kern-color-layout-background-default-surface)";
const BORDER = "var(--kern-color-form-input-border)";
const LINE = "var(--kern-color-decorative-border-default)";
const ACTION = "var(--kern-color-action-default)";
const ON_ACTION = "var(--kern-color-action-on-default)";
const FOCUS = "var(--kern-color-action-focus-default)";
const DANGER = "var(--kern-color-feedback-danger)";
const MONOSPACE = 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace';

/** What the grammar leaves without a tag, or tags such that its parts get no colour. */
export const furtherTags = styleTags({ A_predicate: tags.keyword, Langtag: tags.annotation, "UNDEF TRUE FALSE": tags.keyword });

/** For what stands beside the editor in its shadow root. */
export const SHEET = `
  :host { display: block; width: 100%; min-width: 0; }
  p { margin: .5rem 0 0; font-size: 1rem; color: ${MUTED}; }
  p[role=status] { color: ${DANGER}; }
  p:empty { display: none; }
`;

export const look = [
  syntaxHighlighting(HighlightStyle.define([
    { tag: tags.keyword, color: "var(--kern-color-action-visited)", fontWeight: "600" },
    { tag: tags.variableName, color: ACTION },
    { tag: tags.namespace, color: "var(--kern-color-feedback-warning)" },
    { tag: [tags.string, tags.annotation, tags.integer, tags.float], color: "var(--kern-color-feedback-success)" },
    { tag: tags.comment, color: MUTED, fontStyle: "italic" },
  ])),
  EditorView.theme({
    "&": { color: TEXT, background: BACKGROUND, border: `2px solid ${BORDER}`, borderRadius: "2px", fontSize: "1rem" },
    "&.cm-focused": { outline: `4px solid ${FOCUS}` },
    ".cm-scroller": { fontFamily: MONOSPACE, lineHeight: "1.5", maxHeight: "70vh", overflow: "auto" },
    ".cm-content, .cm-gutter": { minHeight: "12rem" },
    ".cm-content": { caretColor: TEXT, padding: ".5rem 0" },
    ".cm-line": { padding: "0 .75rem" },
    ".cm-gutters": { background: SURFACE, color: MUTED, borderRight: `1px solid ${LINE}` },
    "&.cm-focused .cm-matchingBracket": { background: "none", outline: `1px solid ${ACTION}` },
    "&.cm-focused .cm-nonmatchingBracket": { background: "none", outline: `1px solid ${DANGER}` },
    ".cm-lintRange-error, .cm-lintRange-active": {
      background: "none", textDecoration: `underline wavy ${DANGER}`, textDecorationSkipInk: "none", paddingBottom: "0",
    },
    ".cm-lintPoint-error::after": { borderBottomColor: DANGER },
    ".cm-tooltip": { background: BACKGROUND, color: TEXT, border: `1px solid ${BORDER}`, borderRadius: "2px" },
    ".cm-diagnostic": { borderLeft: `4px solid ${DANGER}`, fontFamily: "inherit" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul": {
      fontFamily: "inherit", minWidth: "min(20rem, 90vw)", maxWidth: "min(44rem, 92vw)", maxHeight: "16rem",
    },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
      padding: ".25rem .5rem", minHeight: "1.5rem", lineHeight: "1.5", whiteSpace: "normal", overflowWrap: "anywhere",
    },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { background: ACTION, color: ON_ACTION },
    ".cm-completionDetail": { color: MUTED, fontStyle: "normal", marginLeft: ".75rem" },
    "li[aria-selected] .cm-completionDetail": { color: ON_ACTION },
  }),
];
