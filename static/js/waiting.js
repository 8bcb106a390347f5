// The line before an interview: asks for this page again and takes over what has changed, so that focus stays and only news is read out.
// Without this script the page loads itself anew.

const EVERY = 15_000;
const place = document.getElementById("place");

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("place");
    if (answer.ok && !now) return location.reload();
    if (now && now.textContent !== place.textContent) place.replaceChildren(...now.children);
  } catch {
    // The line is down: the place is kept for some minutes, and the next look finds it again.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
