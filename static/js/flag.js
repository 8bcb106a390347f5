// Reporting a question: a link at each of the interviewer's turns, and one dialog for all of them. The link works without it.

export class Flag {
  #link = null;

  // `flagged`: turn number → the reason given.
  constructor({ dialog, log, address, flagged, words, announce }) {
    Object.assign(this, { dialog, address, flagged, words, announce });
    this.form = dialog.querySelector("form");
    this.problem = dialog.querySelector(".error");
    log.addEventListener("click", (event) => this.#open(event));
    this.form.addEventListener("submit", (event) => this.#send(event));
    dialog.querySelector("#flag-back").addEventListener("click", () => dialog.close());
  }

  link(number) {
    const link = document.createElement("a");
    link.className = "flag";
    link.href = this.address + number;
    link.dataset.flag = number;
    link.setAttribute("aria-live", "off"); // not read out with every turn
    this.#label(link);
    return link;
  }

  #label(link) {
    link.textContent = this.flagged[link.dataset.flag] === undefined ? this.words.report : this.words.reported;
  }

  #open(event) {
    const link = event.target.closest("a.flag");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#link = link;
    const reason = this.flagged[link.dataset.flag];
    this.form.reason.value = reason ?? "";
    this.form.querySelector("[value=take_back]").hidden = reason === undefined;
    this.problem.textContent = "";
    this.dialog.showModal();
  }

  async #send(event) {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(this.form));
    body.set("do", event.submitter?.value ?? "report");
    try {
      const response = await fetch(this.#link.href, { method: "POST", body, headers: { Accept: "application/json" } });
      const { flagged } = await response.json();
      if (flagged === null) delete this.flagged[this.#link.dataset.flag];
      else this.flagged[this.#link.dataset.flag] = flagged;
    } catch {
      this.problem.textContent = this.words.broken;
      return;
    }
    this.#label(this.#link);
    this.announce(this.#link.textContent);
    this.dialog.close();
    this.#link.focus();
  }
}
