// Deciding about candidates by keyboard: one letter a decision, j and k to move. Every key is a button or a field that is there anyway.

const list = document.querySelector("[data-review]");
const cards = () => [...list.querySelectorAll(".candidate")];

function current() {
  return document.activeElement?.closest?.(".candidate") ?? null;
}

function move(step) {
  const every = cards();
  const at = every.indexOf(current());
  const next = every[Math.min(Math.max(at + step, 0), every.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function isWriting(target) {
  return target.matches("input, textarea, select") || target.isContentEditable;
}

function act(key) {
  const wanted = current()?.querySelector(`[data-key="${key}"]`);
  if (!wanted) return false;
  if (wanted.tagName === "SELECT") wanted.focus();
  else wanted.click();
  if (wanted.tagName === "SUMMARY" && wanted.parentElement.open) wanted.parentElement.querySelector("[name=label]").focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (!act(event.key)) return;
  event.preventDefault();
});

// After a decision the page comes back at the code that was decided: on to the next that is not. The browser itself focuses what an address
// names once the page has loaded, so this waits for that.
function goOn() {
  const decided = location.hash && list.querySelector(location.hash.replace(/[^#\w-]/g, ""));
  if (!decided) return;
  const undecided = cards().find((card) => card.classList.contains("proposed"));
  const next = decided.classList.contains("proposed") ? decided : (undecided ?? decided);
  next.focus();
}

addEventListener("load", () => setTimeout(goOn));
