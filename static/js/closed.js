// The form for a closed question: real inputs in a fieldset, and how to read them.

// `given` is an answer that was not taken, to be put right.
export function closedForm(turn, words, given) {
  const make = { single: choices, multiple: choices, scale, number }[turn.kind];
  const fieldset = element("fieldset", { tabIndex: -1 });
  fieldset.append(element("legend", { className: "hidden", textContent: lastParagraph(turn.text) }));
  const read = make(turn, words, fieldset, given);
  const nodes = [fieldset, element("button", { className: "button", textContent: words.send })];
  return { nodes, read, focus: () => (fieldset.querySelector('[type="text"]') ?? fieldset).focus() };
}

// `read` gives {value, label}, or {problem}.
function choices(turn, words, fieldset) {
  const several = turn.kind === "multiple";
  if (several) fieldset.append(element("p", { className: "hint", textContent: words.several }));
  const list = element("div", { className: "options" });
  for (const option of turn.options) {
    const input = element("input", { type: several ? "checkbox" : "radio", name: "choice", value: option.value });
    const label = element("label");
    label.append(input, element("span", { textContent: option.label, dir: "auto" }));
    list.append(label);
  }
  fieldset.append(list);
  return () => {
    const values = checked(fieldset);
    if (!values.length) return { problem: words.choose };
    const label = turn.options.filter((option) => values.includes(option.value)).map((option) => option.label);
    return { value: several ? values : values[0], label: label.join("\n") };
  };
}

function scale(turn, words, fieldset) {
  const row = element("div", { className: "scale" });
  for (let point = turn.minimum; point <= turn.maximum; point++) {
    const label = element("label");
    const shown = element("span", { textContent: figure(point) });
    const end = point === turn.minimum ? turn.low : point === turn.maximum ? turn.high : "";
    if (end) shown.append(element("span", { className: "hidden", textContent: ` (${end})` }));
    label.append(element("input", { type: "radio", name: "choice", value: point }), shown);
    row.append(label);
  }
  fieldset.append(row);
  if (turn.low || turn.high) {
    const ends = element("p", { className: "ends", ariaHidden: "true" });
    ends.append(element("span", { textContent: turn.low, dir: "auto" }), element("span", { textContent: turn.high, dir: "auto" }));
    fieldset.append(ends);
  }
  return () => {
    const [value] = checked(fieldset);
    return value === undefined ? { problem: words.choose } : { value: Number(value), label: value };
  };
}

function number(turn, words, fieldset, given) {
  const label = element("label", { className: "number" });
  const input = element("input", { type: "text", inputMode: "decimal", autocomplete: "off", value: given ?? "" });
  label.append(element("span", { className: "hidden", textContent: words.yourNumber }), input);
  if (turn.minimum != null && turn.maximum != null) {
    const range = element("p", { className: "hint", id: "range", textContent: fill(words.range, turn) });
    input.setAttribute("aria-describedby", "range");
    fieldset.append(range);
  }
  fieldset.append(label);
  return () => {
    const text = input.value.trim();
    // The server reads the digits of every script.
    return text ? { value: Number.isFinite(Number(text)) ? Number(text) : text, label: text } : { problem: words.number };
  };
}

function checked(fieldset) {
  return [...fieldset.querySelectorAll("input:checked")].map((input) => input.value);
}

function lastParagraph(text) {
  return text.trim().split("\n\n").pop();
}

const { numbering: numberingSystem } = document.body.dataset;
const figures = new Intl.NumberFormat(document.documentElement.lang, { numberingSystem, useGrouping: false, maximumFractionDigits: 20 });

// A number in the digits of the page's language.
export function figure(number) {
  return figures.format(number);
}

export function fill(sentence, values) {
  return sentence.replace(/%\((\w+)\)s/g, (_, name) => (typeof values[name] === "number" ? figure(values[name]) : values[name]));
}

export function element(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}
