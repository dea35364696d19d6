// What every page does with JavaScript; each page works without it as well.
import { judgeByKeys, keepUp } from "./alerts.js";
import { watchStore } from "./away.js";
import { goThrough } from "./keys.js";
import { showPreview } from "./preview.js";

const form = document.querySelector("form[data-preview]");
if (form) showPreview(form);
const notice = document.querySelector("[data-store]");
if (notice) watchStore(notice);
goThrough(document);
const alerts = document.querySelector("[data-events]");
if (alerts) keepUp(alerts);
const judging = document.querySelector("form.judge");
if (judging) judgeByKeys(judging);
