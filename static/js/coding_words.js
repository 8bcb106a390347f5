// The participant's words on the page: sentences that keys select, selections by mouse, marks on what is attached. Places are code points.

export class Words {
  // `turns`: id → {text, sentences}.
  constructor(root, turns, labels) {
    this.labels = labels;
    this.turns = [];
    for (const element of root.querySelectorAll("[data-turn]")) {
      const { text, sentences } = turns[element.dataset.turn];
      this.turns.push({ id: Number(element.dataset.turn), element, points: Array.from(text), sentences });
    }
    this.at = this.from = -1;
    this.draw([]);
    root.addEventListener("click", (event) => this.#clicked(event.target.closest(".sentence")));
  }

  // Every sentence, in the order of the page: those in a closed <details> are passed over.
  get #sentences() {
    return [...document.querySelectorAll("[data-turn] .sentence")].filter((each) => !each.closest("details:not([open])"));
  }

  // Selects the next sentence in a direction, or adds it to those selected.
  move(step, more) {
    const all = this.#sentences;
    const begun = this.at >= 0 ? this.at : (this.last ?? (step > 0 ? -1 : all.length));
    const to = Math.max(0, Math.min(all.length - 1, begun + step));
    if (!all.length) return;
    if (!more || this.from < 0) this.from = to;
    this.at = this.last = to;
    getSelection().removeAllRanges();
    this.#show(all);
    all[to].focus();
  }

  // A click or tap on a sentence selects it, one more lets go; words selected within it stay as they are.
  #clicked(sentence) {
    if (!sentence || !getSelection().isCollapsed) return;
    const at = this.#sentences.indexOf(sentence);
    if (at === this.at) return this.release();
    this.at = this.from = this.last = at;
    this.#show(this.#sentences);
  }

  release() {
    this.at = this.from = -1;
    getSelection().removeAllRanges();
    this.#show(this.#sentences);
    if (document.activeElement?.classList.contains("sentence")) document.activeElement.blur();
  }

  // What is selected, by mouse or by key: [{turn, start, end}], one for each turn.
  get selected() {
    const selection = getSelection();
    if (!selection.isCollapsed && selection.rangeCount) return this.#ofRange(selection.getRangeAt(0));
    if (this.at < 0) return [];
    const [first, last] = [this.from, this.at].sort((one, other) => one - other);
    const spans = new Map();
    for (const sentence of this.#sentences.slice(first, last + 1)) {
      const { turn, start, end } = placeOf(sentence);
      spans.set(turn, { turn, start: spans.get(turn)?.start ?? start, end });
    }
    return [...spans.values()];
  }

  text({ turn, start, end }) {
    return this.turns.find((each) => each.id === turn)?.points.slice(start, end).join("") ?? "";
  }

  // Writes every turn anew, with what is attached marked.
  draw(quotes) {
    const focused = document.activeElement?.classList.contains("sentence") ? this.#sentences.indexOf(document.activeElement) : -1;
    for (const turn of this.turns) {
      const here = quotes.filter((quote) => quote.turn === turn.id);
      turn.element.replaceChildren(...this.#parts(turn, here));
    }
    const all = this.#sentences;
    this.#show(all);
    if (focused >= 0) all[focused]?.focus();
  }

  #parts({ id, points, sentences }, quotes) {
    const nodes = [];
    let at = 0;
    for (const [start, end] of sentences) {
      if (start > at) nodes.push(...this.#pieces(points, at, start, quotes));
      const sentence = Object.assign(document.createElement("span"), { className: "sentence", tabIndex: -1 });
      Object.assign(sentence.dataset, { turn: id, start, end });
      sentence.append(...this.#pieces(points, start, end, quotes));
      nodes.push(sentence);
      at = end;
    }
    if (at < points.length) nodes.push(...this.#pieces(points, at, points.length, quotes));
    return nodes;
  }

  #pieces(points, start, end, quotes) {
    const inside = (place) => place > start && place < end;
    const cuts = [start, ...new Set(quotes.flatMap((quote) => [quote.start, quote.end]).filter(inside).sort((a, b) => a - b)), end];
    return cuts.slice(1).map((to, index) => {
      const text = points.slice(cuts[index], to).join("");
      const over = quotes.filter((quote) => quote.start <= cuts[index] && to <= quote.end);
      if (!over.length) return document.createTextNode(text);
      const mark = Object.assign(document.createElement("mark"), { textContent: text });
      const ending = over.filter((quote) => quote.end === to);
      if (ending.length) mark.dataset.labels = ending.map((quote) => this.labels[quote.code]).join(" · ");
      return mark;
    });
  }

  #show(all) {
    const [first, last] = [this.from, this.at].sort((one, other) => one - other);
    all.forEach((sentence, index) => sentence.classList.toggle("selected", this.at >= 0 && first <= index && index <= last));
  }

  #ofRange(range) {
    const spans = [];
    for (const { id, element, points } of this.turns) {
      if (!range.intersectsNode(element)) continue;
      const start = element.contains(range.startContainer) ? length(element, range.startContainer, range.startOffset) : 0;
      const end = element.contains(range.endContainer) ? length(element, range.endContainer, range.endOffset) : points.length;
      const span = trimmed(points, start, end);
      if (span.start < span.end) spans.push({ turn: id, ...span });
    }
    return spans;
  }
}

function placeOf({ dataset }) {
  return { turn: Number(dataset.turn), start: Number(dataset.start), end: Number(dataset.end) };
}

// Code points of an element's text before a place in it.
function length(element, container, offset) {
  const range = document.createRange();
  range.setStart(element, 0);
  range.setEnd(container, offset);
  return Array.from(range.toString()).length;
}

function trimmed(points, start, end) {
  while (start < end && !points[start].trim()) start++;
  while (start < end && !points[end - 1].trim()) end--;
  return { start, end };
}
