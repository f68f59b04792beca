// The reader's own words, and numbers, dates and amounts as a language writes them.

import en from "./words/en.js";
import es from "./words/es.js";
import { hasText } from "./dom.js";

const DICTIONARIES = { en, es };
const FALLBACK = "en";

function findDictionary(locale) {
  return DICTIONARIES[locale] ?? DICTIONARIES[locale?.split("-")[0]] ?? null;
}

function interpolate(text, values) {
  return text.replace(/\{(\w+)\}/g, (match, name) => values[name] ?? match);
}

/** Return the words of a locale; a language without a dictionary gets the English ones. */
export function createWords(locale) {
  const dictionary = findDictionary(locale) ?? DICTIONARIES[FALLBACK];
  const language = findDictionary(locale) ? locale : FALLBACK;
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 4 });
  const plurals = new Intl.PluralRules(language);
  const moments = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const dates = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });

  const words = {
    locale,
    language,

    /** A sentence or label of the reader, with `{name}` filled in. */
    t(key, values = {}) {
      const text = dictionary.text[key];
      if (text === undefined) throw new Error(`The reader has no words for “${key}”.`);
      return interpolate(text, values);
    },

    /** The word for a choice code of the API; empty for a code that the reader does not know. */
    label(group, code) {
      return dictionary.labels[group]?.[code] ?? "";
    },

    number(value) {
      return numbers.format(value);
    },

    /** A date as the language writes it; empty when there is none. */
    date(value) {
      if (!hasText(value)) return "";
      const day = new Date(value.length === 10 ? `${value}T00:00:00Z` : value);
      return Number.isNaN(day.getTime()) ? "" : dates.format(day);
    },

    /** An instant as the language writes it, in the time of the reader's device; empty when there is none. */
    moment(value) {
      const instant = new Date(value ?? "");
      return Number.isNaN(instant.getTime()) ? "" : moments.format(instant);
    },

    /** A number of things: the text of `<key>_one` or `<key>_other`. */
    count(key, count) {
      return words.t(`${key}_${plurals.select(count) === "one" ? "one" : "other"}`, { count: numbers.format(count) });
    },

    /** An amount with its unit, where the unit agrees with the last number: “1 hour”, “2 to 6 weeks”. */
    amount(value, upper, unit) {
      const range =
        upper === null || upper === undefined
          ? numbers.format(value)
          : words.t("range", { low: numbers.format(value), high: numbers.format(upper) });
      const forms = dictionary.units[unit];
      if (!forms) return hasText(unit) && unit !== "1" ? `${range} ${unit}` : range;
      const form = forms[plurals.select(upper ?? value)] ?? forms.other;
      return interpolate(form, { amount: range });
    },

    /** A length of time of the API (`{value, upper_value, unit}`) in words; empty when it is not given. */
    duration(duration) {
      if (!duration || duration.value === null || duration.value === undefined || !duration.unit) return "";
      return words.amount(duration.value, duration.upper_value, duration.unit);
    },

    /** A quantity of the API (`{comparator, value, upper_value, unit}`) in words: “at most 1.5 cm”. */
    quantity(quantity) {
      if (!quantity || quantity.value === null || quantity.value === undefined) return "";
      const { comparator, value, unit } = quantity;
      if (comparator === "between") {
        if (quantity.upper_value === null || quantity.upper_value === undefined) return "";
        return words.t("comparator_between", { amount: words.amount(value, quantity.upper_value, unit) });
      }
      const word = words.label("comparator", comparator);
      return word ? `${word} ${words.amount(value, null, unit)}` : words.amount(value, null, unit);
    },
  };
  return words;
}

/** How a language invites to read the page in it; falls back on the name that the API gives. */
export function describeTranslation({ locale, language }) {
  return findDictionary(locale)?.text.read_in_this_language ?? language;
}

/** How a language invites to read a draft in it; its name or code where the reader has no words in it. */
export function describeDraft(locale) {
  const known = findDictionary(locale)?.text.draft_in_this_language;
  if (known) return known;
  try {
    return new Intl.DisplayNames([locale], { type: "language" }).of(locale);
  } catch {
    return locale;
  }
}
