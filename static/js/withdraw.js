// The page for withdrawing: what this browser still keeps of the interview goes too.

import { Memory } from "./memory.js";

const form = document.getElementById("withdraw");
form.addEventListener("submit", () => new Memory(form.dataset.token).clear());
