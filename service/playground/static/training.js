// The view of trainings: start one, watch it, see what came of it.

import { count, element, moment } from "./element.js";
import { shown } from "./report.js";
import * as service from "./service.js";
import { statusOf } from "./status.js";

const { say, told } = statusOf("training");
const find = (selector) => document.querySelector(selector);
const start = find("#train");
const run = find("#run");
const bar = find("#run-bar");
const override = find("#override");
const activate = find("#run-activate");

// Milliseconds between two looks at a training that runs.
const EVERY = 700;
// Samples; of fewer none is held out.
const ENOUGH = 5;
const VERDICTS = {
  succeeded: "The gate accepted it.",
  refused: "The gate refused it, and nothing has changed.",
  failed: "It failed, and nothing has changed.",
  cancelled: "It was cancelled.",
};

export class Training {
  constructor(versions) {
    this.versions = versions;
    this.watched = this.seen = this.job = null;
    start.addEventListener("submit", told(() => this.start({ activate: find("#train-activate").checked })));
    override.addEventListener("submit", told(() => this.override()));
    find("#run-cancel").addEventListener("click", told(() => this.cancel()));
    activate.addEventListener("click", told(() => this.activate()));
    versions.follow(() => this.showActivate());
  }

  async load() {
    const { trainings } = await service.read("v1/trainings");
    find("#training-list").replaceChildren(...trainings.map(entry));
    find("#trainings").hidden = trainings.length === 0;
    if (trainings.length > 0 && trainings[0].id !== this.watched) {
      this.watch(trainings[0].id);
    }
  }

  tellSamples(total) {
    const few = total < ENOUGH ? ` From ${ENOUGH} on, some are held out to see what it makes of pages like them.` : "";
    find("#train-what").textContent =
      total > 0
        ? `It learns from ${count(total, "sample")}, on top of what it knows.${few}`
        : "There are no samples to learn from yet: correct a page and save it.";
  }

  async start(wish) {
    const job = await service.write("v1/trainings", wish);
    say("Training has begun.");
    this.watch(job.id);
  }

  async override() {
    const why = find("#why").value;
    await this.start({ activate: false, override_gate: true, why });
  }

  async cancel() {
    this.show(await service.remove(`v1/trainings/${this.watched}`));
    say("Cancelled.");
  }

  async activate() {
    await this.versions.activate(this.job.version);
  }

  // Look at a training again and again until it ends.
  async watch(id) {
    this.watched = id;
    for (let active = true; active && this.watched === id; ) {
      try {
        const job = await service.read(`v1/trainings/${id}`);
        active = ["queued", "running"].includes(job.state);
        if (this.watched === id) {
          this.show(job);
          if (!active) {
            await this.end(job);
          }
        }
      } catch (error) {
        find("#run-progress").textContent = `${error.message} Trying again.`;
      }
      if (active) {
        await new Promise((resolve) => setTimeout(resolve, EVERY));
      }
    }
  }

  async end(job) {
    if (this.seen === job.id) {
      say(VERDICTS[job.state]); // it was watched to its end, and not found ended
    }
    await this.versions.load();
    await this.load();
  }

  show(job) {
    this.job = job;
    const active = ["queued", "running"].includes(job.state);
    run.hidden = false;
    run.dataset.state = job.state;
    run.querySelector("code").textContent = job.id;
    find("#run-state").textContent = job.state;
    find("#run-time").textContent = moment(job.ended ?? job.created);
    find("#training-state").textContent = active ? "running" : "";
    find("#run-working").hidden = !active;
    find("#run-end").hidden = active;
    if (active) {
      this.seen = job.id;
      this.showProgress(job.progress);
      return;
    }
    const named = job.version ? [" It is version ", element("code", "", job.version), "."] : [];
    find("#run-verdict").replaceChildren(VERDICTS[job.state], ...named);
    find("#run-reasons").replaceChildren(...job.reasons.map((reason) => element("li", "", reason)));
    find("#run-report").replaceChildren(...shown(job.report));
    override.hidden = job.state !== "refused";
    this.showActivate();
  }

  showProgress(progress) {
    const place = find("#run-progress");
    const said = progress || "Waiting to begin.";
    if (place.textContent !== said) {
      place.textContent = said; // only when it changes, so that it is not spoken twice
    }
    const [, done, all] = /(\d+) of (\d+)/.exec(progress) ?? [];
    if (all) {
      bar.max = Number(all);
      bar.value = Number(done);
    } else {
      bar.removeAttribute("value");
    }
  }

  showActivate() {
    const version = this.job?.state === "succeeded" ? this.job.version : null;
    activate.hidden = version === null || version === this.versions.current;
  }
}

function entry(job) {
  const made = element("li");
  made.append(
    element("span", "badge", job.state),
    ` ${moment(job.created)} `,
    element("code", "", job.version ?? job.id),
    element("span", "hint", ` ${job.reasons[0] ?? ""}`),
  );
  return made;
}
