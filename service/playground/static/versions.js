// The versions of the model: which one answers, activate another, go back, and what was done before.

import { button, element, moment } from "./element.js";
import { shown } from "./report.js";
import * as service from "./service.js";
import { statusOf } from "./status.js";

const { say, sayError, told } = statusOf("training");
const find = (selector) => document.querySelector(selector);
const rollback = find("#rollback");
const degraded = find("#degraded");

// A worker takes a version over within two seconds: so often, and after so many milliseconds, is it looked for.
const LOOKS = 4;
const PAUSE = 700;

export class Versions {
  constructor() {
    this.current = null;
    this.followers = [];
    rollback.addEventListener("click", told(() => this.rollback()));
  }

  // `follower` is called with the name of the version that answers, whenever it may have changed.
  follow(follower) {
    this.followers.push(follower);
  }

  async load(looks = 1) {
    const { current, answering, models, history } = await service.read("v1/models");
    const { reason } = await service.read("healthz");
    const settled = answering === current || looks === LOOKS;
    if (!settled) {
      setTimeout(() => this.load(looks + 1).catch(sayError), PAUSE);
    }
    degraded.textContent =
      reason ?? (settled && answering !== current ? `Version ${answering} answers, named by PAGESIEVE_MODEL.` : "");
    degraded.hidden = degraded.textContent === "";
    this.current = current;
    rollback.hidden = !history.some(({ action }) => action === "activate"); // nothing was current before
    find("#versions").replaceChildren(...models.toReversed().map((model) => this.row(model, answering)));
    find("#history").hidden = history.length === 0;
    find("#history-list").replaceChildren(...history.map(entry));
    for (const follower of this.followers) {
      follower(answering);
    }
  }

  async activate(version) {
    await service.write(`v1/models/${encodeURIComponent(version)}/activate`, {});
    await this.load();
    say(`Version ${version} answers now.`);
  }

  async rollback() {
    const { current } = await service.write("v1/models/rollback", {});
    await this.load();
    say(`Back to version ${current}; it answers now.`);
  }

  row({ version, current, shipped, published }, answering) {
    const made = element("li", "card");
    const head = element("div", "head");
    head.append(element("code", "title", version));
    if (version === answering) {
      head.append(element("span", "badge current", "answers now"));
    } else if (current) {
      head.append(element("span", "badge", "current"));
    }
    if (shipped) {
      head.append(element("span", "badge", "shipped"));
    }
    head.append(element("span", "hint", moment(published)));
    if (!current) {
      head.append(button("Activate", told(() => this.activate(version)), version));
    }
    made.append(head, details(version));
    return made;
  }
}

// What a version says of itself, asked for when somebody wants to see it.
function details(version) {
  const made = element("details");
  made.append(element("summary", "", "Report"));
  made.addEventListener(
    "toggle",
    told(async () => {
      if (made.open && made.childElementCount === 1) {
        const { manifest, report } = await service.read(`v1/models/${encodeURIComponent(version)}`);
        made.append(...shown(report), facts(manifest), link(version));
      }
    }),
  );
  return made;
}

function facts(manifest) {
  const made = element("dl", "facts");
  const samples = Object.values(manifest.samples ?? {}).reduce((sum, number) => sum + number, 0);
  for (const [name, value] of [
    ["Made", manifest.date],
    ["On top of", manifest.root],
    ["Compared with", manifest.learned_after],
    ["Samples", samples || null],
  ]) {
    if (value) {
      const row = element("div");
      row.append(element("dt", "", name), element("dd", "", String(value)));
      made.append(row);
    }
  }
  return made;
}

function link(version) {
  const made = element("a", "", "Manifest and report as JSON");
  made.href = new URL(`v1/models/${encodeURIComponent(version)}`, document.baseURI);
  return made;
}

function entry({ when, action, version, who, why }) {
  const made = element("li");
  made.append(`${moment(when)}: ${action} `, element("code", "", version));
  if (who || why) {
    made.append(element("span", "hint", ` ${[who && `by ${who}`, why].filter(Boolean).join(": ")}`));
  }
  return made;
}
