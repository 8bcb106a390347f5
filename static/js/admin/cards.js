// A drafted guide on the page: cards that are filled, read and checked. What a card had when it came is kept, to tell whether it was changed.

const clone = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
const plain = (text) => text.trim();
const number = (text) => (text === "" ? null : Number(text));
const inner = (card) => (card.dataset.card === "section" ? card.querySelectorAll(":scope > p [data-field]") : card.querySelectorAll("[data-field]"));

const shown = {
  probes: (probes) => probes.join("\n"),
  options: (options) => options.map(({ value, label }) => `${value} = ${label}`).join("\n"),
  minimum: (value) => value ?? "",
  maximum: (value) => value ?? "",
};
const said = {
  probes: lines,
  options: (text) => lines(text).map(option),
  minimum: number,
  maximum: number,
};

function option(line) {
  const at = line.indexOf("=");
  return at < 0 ? { value: line, label: line } : { value: line.slice(0, at).trim(), label: line.slice(at + 1).trim() };
}

export function make(kind, value) {
  const card = clone(`${kind}-card`);
  for (const field of inner(card)) {
    const name = field.dataset.field;
    field.value = shown[name]?.(value[name]) ?? value[name] ?? "";
  }
  card.dataset.drafted = JSON.stringify(read(card));
  title(card);
  card.addEventListener("input", () => title(card));
  return card;
}

export function read(card) {
  return Object.fromEntries([...inner(card)].map((field) => [field.dataset.field, (said[field.dataset.field] ?? plain)(field.value)]));
}

export const untouched = (card) => JSON.stringify(read(card)) === card.dataset.drafted;
export const questions = (section) => [...section.querySelectorAll('[data-card="question"]')];

/** The heading follows the fields, and fields that the kind does not have are hidden. */
function title(card) {
  const heading = card.querySelector(":scope > [data-title]");
  const value = read(card);
  if (heading) heading.textContent = value.title || value.key;
  for (const part of card.querySelectorAll(":scope > [data-for]")) part.hidden = !part.dataset.for.split(" ").includes(value.kind);
  const buttons = card.querySelectorAll(":scope > p > button");
  for (const button of buttons) button.setAttribute("aria-label", `${button.textContent}: ${value.title || value.key}`);
}

export function warn(card, sentences) {
  const list = card.querySelector("[data-warnings]");
  list.hidden = !sentences.length;
  list.replaceChildren(...sentences.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })));
}

export function state(card, sentence) {
  card.querySelector(":scope > [data-state]").textContent = sentence;
}

/** It is in the guide now: nothing on it can be changed here any more. */
export function settle(card) {
  card.dataset.added = "";
  for (const control of card.querySelectorAll("input, textarea, select, button")) control.disabled = true;
  state(card, "Added to the survey's draft.");
}
