// The page's behaviour. What the choices come to is computed by the server, from the same code as a
// run; here it is asked for and shown. Nothing is built from text: elements are made one by one.

const body = document.body;
const allowed = JSON.parse(body.dataset.allowed);
const defaults = JSON.parse(body.dataset.defaults);
const byId = (id) => document.getElementById(id);

/** An element with attributes and children (elements or text). */
function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function drawn(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A name that may be broken behind its underscores. */
function broken(name) {
  return name.split(/(?<=[_.])/).flatMap((part, n) => (n ? [document.createElement("wbr"), part] : [part]));
}

const number = (value) =>
  value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e7)
    ? value.toExponential(2).replace(/\.?0+e/, "e")
    : String(Number(value.toPrecision(4)));
const percent = (value) => `${number(Number(value.toPrecision(3)))}%`;

// --- asking ---------------------------------------------------------------------------------------

async function ask(what, message, signal) {
  const response = await fetch(what, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ digest: body.dataset.digest, ...message }),
    signal,
  });
  const answer = await response.json().catch(() => ({ message: "The server refused." }));
  if (!response.ok) throw Object.assign(new Error(answer.message), { status: response.status });
  return answer;
}

/** A function that waits until nothing was asked for some time, and drops answers that are late. */
function latest(wait, what, shape, shown, failed) {
  let timer;
  let running;
  return (now = false) => {
    clearTimeout(timer);
    running?.abort();
    timer = setTimeout(async () => {
      const mine = (running = new AbortController());
      try {
        const answer = await ask(what, shape(), mine.signal);
        if (mine === running) shown(answer);
      } catch (error) {
        if (error.name !== "AbortError" && mine === running) failed(error);
      }
    }, now ? 0 : wait);
  };
}

// --- what has been changed ------------------------------------------------------------------------

const controls = [...document.querySelectorAll("[data-at]")];
const rows = [...document.querySelectorAll("tr[data-field]")];

const place = new Map(controls.map((control) => [control, JSON.parse(control.dataset.at)]));
const initial = new Map(controls.map((control) => [control, control.value]));

function valueOf(control) {
  if (control.type !== "number") return control.value === "" ? null : control.value;
  return control.value === "" ? null : Number(control.value);
}

class Row {
  constructor(element) {
    this.element = element;
    this.name = element.dataset.field;
    this.before = null;
    this.treatment = this.part("treatment");
    this.offer(this.treatment.dataset.value);
    this.before = this.state();
    element.addEventListener("input", (event) => {
      if (event.target === this.part("role")) this.offer("");
      this.arrange();
    });
    this.arrange();
  }

  part(name) {
    return byId(`${this.element.id}-${name}`);
  }

  span(name) {
    return this.element.querySelector(`[data-part="${name}"]`);
  }

  /** The treatments that the role allows. */
  offer(value) {
    const role = this.part("role").value;
    const options = [make("option", { value: "" }, `${defaults[role]} (usual)`)];
    options.push(...allowed[role].map((one) => make("option", { value: one }, one)));
    this.treatment.replaceChildren(...options);
    this.treatment.value = value;
  }

  get effective() {
    return this.treatment.value || defaults[this.part("role").value];
  }

  /** Show what belongs to the choice. */
  arrange() {
    const role = this.part("role").value;
    this.span("entity").hidden = !["identifier", "subject"].includes(role);
    this.span("generalise").hidden = this.effective !== "generalise";
    this.span("mask").hidden = this.effective !== "mask";
    for (const how of ["band", "prefix", "period", "icd10"]) {
      this.span(how).hidden = this.part("how").value !== how;
    }
    const isChanged = this.changes().length > 0;
    this.element.classList.toggle("is-changed", isChanged);
    this.element.querySelector(".changed").hidden = !isChanged;
  }

  state() {
    const role = this.part("role").value;
    const state = { role, treatment: this.treatment.value || null, entity: null, how: null };
    if (["identifier", "subject"].includes(role)) {
      state.entity = this.part("entity").value.trim().toUpperCase() || null;
    }
    if (this.effective === "generalise") {
      state.how = this.part("how").value;
      state.amount = valueOf(this.part(state.how));
      state.top = state.how === "band" ? valueOf(this.part("top")) : null;
    }
    state.isMasked = this.effective === "mask";
    if (state.isMasked) {
      state.first = valueOf(this.part("keep_first")) ?? 0;
      state.last = valueOf(this.part("keep_last")) ?? 0;
    }
    return state;
  }

  changes() {
    const [was, now] = [this.before, this.state()];
    if (was === null) return [];
    const found = [];
    const put = (key, old, value) => {
      if (old !== value) found.push({ at: ["fields", this.name, ...key], value });
    };
    put(["role"], was.role, now.role);
    put(["entity"], was.entity, now.entity);
    put(["treatment"], was.treatment, now.treatment);
    if (now.how !== null && now.how === was.how) {
      put(["generalise", now.how], was.amount, now.amount);
      put(["generalise", "top"], was.top, now.top);
    } else if (now.how !== null) {
      const value = { [now.how]: now.amount ?? "" };
      if (now.top !== null) value.top = now.top;
      put(["generalise"], null, value);
    } else if (was.how !== null) put(["generalise"], was.how, null);
    if (now.isMasked && this.span("mask").dataset.given) {
      put(["mask", "keep_first"], was.first, now.first);
      put(["mask", "keep_last"], was.last, now.last);
    } else if (now.isMasked && (now.first || now.last)) {
      if (was.first !== now.first || was.last !== now.last) {
        put(["mask"], null, { keep_first: now.first, keep_last: now.last });
      }
    } else if (!now.isMasked && this.span("mask").dataset.given) put(["mask"], true, null);
    return found;
  }
}

const fields = rows.map((row) => new Row(row));

function changes() {
  const found = fields.flatMap((row) => row.changes());
  for (const control of controls) {
    if (control.value !== initial.get(control)) {
      found.push({ at: place.get(control), value: valueOf(control) });
    }
  }
  return found;
}

function sizes() {
  const shown = {};
  for (const name of ["rows", "subjects", "groups"]) {
    const input = byId(`size-${name}`);
    if (input?.checkValidity() && input.value !== "") shown[name] = Number(input.value);
  }
  return shown;
}

// --- sliders --------------------------------------------------------------------------------------

for (const slider of document.querySelectorAll("[data-slider]")) {
  const input = byId(slider.dataset.slider);
  const { scale } = slider.dataset;
  slider.addEventListener("input", () => {
    const at = Number(slider.value);
    let value = at;
    if (scale === "log_or_0" && at <= Number(slider.min)) value = 0;
    else if (scale !== "linear") value = Number((10 ** at).toPrecision(2));
    input.value = String(value);
    if (scale !== "linear") slider.setAttribute("aria-valuetext", input.value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  input.addEventListener("input", () => {
    if (document.activeElement === slider || input.value === "") return;
    const value = Number(input.value);
    if (scale === "linear") slider.value = String(value);
    else slider.value = value > 0 ? String(Math.log10(value)) : slider.min;
    if (scale !== "linear") slider.setAttribute("aria-valuetext", input.value);
  });
}

// --- problems and warnings ------------------------------------------------------------------------

/** The control and the part of the page that a place of the file belongs to. */
function placeOf(at) {
  if (at[0] === "fields" && at.length > 1) {
    const row = fields.find((one) => one.name === at[1]);
    return { control: (row && at[2] && row.part(at[2])) || row?.part("role"), holder: row?.element };
  }
  const below = (one) => at.every((part, n) => part === place.get(one)[n]);
  const control =
    controls.find((one) => below(one) && place.get(one).length === at.length) ??
    (at.length > 1 ? controls.find(below) : undefined);
  const holder =
    at[1] === "releases" && at.length > 2
      ? document.querySelector(`[data-release="${at[2]}"]`)
      : control?.closest("[data-messages-of]");
  return { control, holder };
}

const named = (at) => at.map((part) => (Number.isInteger(part) ? `[${part}]` : part)).join(".");

function showFindings(kind, word, list, found) {
  list.hidden = found.length === 0;
  list.replaceChildren();
  for (const { at, what } of found) {
    const { control, holder } = placeOf(at);
    const where = named(at).replaceAll(".[", "[") || "The file";
    const link = control ? make("a", { href: `#${control.id}` }, where) : where;
    if (control) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        control.scrollIntoView({ block: "center" });
        control.focus();
      });
      if (kind === "problem") control.setAttribute("aria-invalid", "true");
    }
    list.append(make("li", {}, make("b", {}, `${word}: `), link, `: ${what}.`));
    const messages = holder?.querySelector(".messages");
    if (messages) {
      messages.hidden = false;
      messages.append(make("li", { class: kind }, make("b", {}, `${word}: `), `${what}.`));
    }
  }
}

function clearFindings() {
  for (const messages of document.querySelectorAll(".messages")) {
    messages.replaceChildren();
    messages.hidden = true;
  }
  for (const control of document.querySelectorAll("[aria-invalid]")) {
    control.removeAttribute("aria-invalid");
  }
}

// --- tables ---------------------------------------------------------------------------------------

const SHAPES = [
  (x, y) => drawn("circle", { cx: x, cy: y, r: 4 }),
  (x, y) => drawn("rect", { x: x - 3.5, y: y - 3.5, width: 7, height: 7 }),
  (x, y) => drawn("path", { d: `M${x} ${y - 5}l5 9h-10z` }),
  (x, y) => drawn("path", { d: `M${x} ${y - 5.5}l5 5.5l-5 5.5l-5-5.5z` }),
];

function styled(element, n, dashes = false) {
  element.classList.add(`c${n % 4}`);
  if (dashes && n >= 4) element.classList.add("dashed");
  return element;
}

/** Ticks of a logarithm: 1, 2 and 5 of each decade, or decades alone where there are many. */
function ticks(least, most) {
  const found = [];
  const decades = Math.log10(most / least);
  for (let power = Math.floor(Math.log10(least)); power <= Math.ceil(Math.log10(most)); power += 1) {
    for (const lead of decades > 2.5 ? [1] : [1, 2, 5]) found.push(lead * 10 ** power);
  }
  return found.filter((tick) => tick >= least * 0.999 && tick <= most * 1.001);
}

const WIDTH = 460;
const HEIGHT = 250;
const EDGE = { left: 58, right: 12, top: 10, bottom: 40 };

function plot(table) {
  const { epsilons, lines } = table.curve;
  const values = lines.flatMap((line) => line.percents).filter((value) => value > 0);
  if (values.length === 0) return null;
  const [low, high] = [Math.min(...values) / 1.2, Math.max(...values) * 1.2];
  const [first, last] = [epsilons[0], epsilons.at(-1)];
  const x = (value) =>
    EDGE.left + ((WIDTH - EDGE.left - EDGE.right) * Math.log(value / first)) / Math.log(last / first);
  const y = (value) =>
    HEIGHT - EDGE.bottom - ((HEIGHT - EDGE.top - EDGE.bottom) * Math.log(value / low)) / Math.log(high / low);
  const own = table.errors
    .filter((one) => one.percent !== null)
    .map((one) => `${one.column} ${percent(one.percent)}`)
    .join(", ");
  const picture = drawn("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img",
    "aria-label": `Expected error against ε for ${table.name}: it falls as ε grows. At ε ${number(table.epsilon)}: ${own}.`,
  });
  for (const tick of ticks(first, last)) {
    picture.append(
      drawn("line", { class: "grid", x1: x(tick), x2: x(tick), y1: EDGE.top, y2: HEIGHT - EDGE.bottom }),
      drawn("text", { x: x(tick), y: HEIGHT - EDGE.bottom + 16, "text-anchor": "middle" }, number(tick)),
    );
  }
  for (const tick of ticks(low, high)) {
    picture.append(
      drawn("line", { class: "grid", x1: EDGE.left, x2: WIDTH - EDGE.right, y1: y(tick), y2: y(tick) }),
      drawn("text", { x: EDGE.left - 6, y: y(tick) + 4, "text-anchor": "end" }, percent(tick)),
    );
  }
  picture.append(
    drawn("line", { class: "own", x1: x(table.epsilon), x2: x(table.epsilon), y1: EDGE.top, y2: HEIGHT - EDGE.bottom }),
    drawn("text", { x: (WIDTH + EDGE.left) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, "ε (dashed: this table's)"),
  );
  const key = make("ul", { class: "key" });
  lines.forEach((line, kind) => {
    // No error at all has no place on a logarithm: the line ends before it.
    const points = line.percents.map((value, n) => [x(epsilons[n]), value > 0 ? y(value) : null]);
    const there = points.filter(([, height]) => height !== null);
    const path = there.map(([across, height], n) => `${n ? "L" : "M"}${across.toFixed(1)} ${height.toFixed(1)}`);
    picture.append(styled(drawn("path", { class: "curve", d: path.join("") }), kind, true));
    for (const [across, height] of there) picture.append(styled(SHAPES[kind % 4](across, height), kind));
    const sign = drawn("svg", { viewBox: "0 0 30 16", "aria-hidden": "true" });
    sign.append(styled(drawn("path", { class: "curve", d: "M0 8H30" }), kind, true), styled(SHAPES[kind % 4](15, 8), kind));
    key.append(make("li", {}, sign, line.column));
  });
  const caption = "95% error in a middle group, in % of what it is a part of, by ε.";
  return make("figure", {}, make("figcaption", {}, caption), picture, key);
}

function showTables(tables, saved) {
  for (const table of tables) {
    const outcome = document.querySelector(`[data-release="${table.number}"] .outcome`);
    const before = saved.find((one) => one.number === table.number);
    const lines = table.errors.map((one, n) => {
      const was = before?.errors[n];
      const cells = [
        make("th", { scope: "row" }, ...broken(one.column)),
        make("td", { "data-error": one.column }, one.error),
        make("td", {}, one.percent === null ? "" : `${percent(one.percent)} of ${one.of}`),
        make("td", {}, was && was.error !== one.error ? was.error : "the same"),
      ];
      return make("tr", {}, ...cells);
    });
    const heads = ["Measure", "95% error", "Relative", "In the file"];
    const grid = make(
      "table",
      {},
      make("caption", { class: "unseen" }, `Expected errors of ${table.name}`),
      make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, ...lines),
    );
    const notes = [`${table.noise[0].toUpperCase()}${table.noise.slice(1)} noise, ${table.groups.toLocaleString("en-GB")} groups.`];
    if (table.threshold !== null) {
      notes.push(`A group shows from ${table.threshold.toLocaleString("en-GB")} noisy patients on:`);
      notes.push(`${table.under_threshold} of these groups would be hidden, for ${table.noise_decides} noise decides.`);
    }
    const [fewest, most] = table.cut.map((cut) => cut.toLocaleString("en-GB"));
    notes.push(`Bounds leave out ${fewest} to ${most} of ${table.rows.toLocaleString("en-GB")} records.`);
    const drawing = plot(table);
    outcome.replaceChildren(grid, make("p", { class: "hint" }, notes.join(" ")), ...(drawing ? [drawing] : []));
    outcome.classList.remove("stale");
  }
}

// --- budget ---------------------------------------------------------------------------------------

function bar(part, name) {
  const { total, spent, asked } = part;
  const whole = Math.max(total, spent + asked);
  const width = (value) => (whole > 0 ? (440 * value) / whole : 0);
  const picture = drawn("svg", {
    viewBox: "0 0 440 22",
    role: "img",
    "aria-label": `${name}: ${number(spent)} spent, ${number(asked)} for these tables, ${number(part.left)} left of ${number(total)}.`,
  });
  const left = Math.max(0, total - spent - asked);
  picture.append(
    drawn("rect", { class: "spent", x: 0, y: 1, width: width(spent), height: 20 }),
    drawn("rect", { class: part.left < 0 ? "over" : "asked", x: width(spent), y: 1, width: width(asked), height: 20 }),
    drawn("rect", { class: "left", x: width(spent + asked), y: 1, width: width(left), height: 20 }),
  );
  return picture;
}

function showBudget(budget) {
  const account = byId("account");
  if (!account || !budget) return;
  const parts = [["total", "Budget"], ["spent", "Spent before"], ["asked", "These tables"], ["left", "Left then"]];
  const lines = parts.map(([key, label]) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, label),
      make("td", { id: `budget-${key}-epsilon` }, number(budget.epsilon[key])),
      make("td", {}, number(budget.delta[key])),
    ),
  );
  const heads = ["", "ε", "δ"].map((head) => (head ? make("th", { scope: "col" }, head) : make("td")));
  let from = `Read from ${budget.ledger} at ${budget.read}; only read.`;
  if (budget.since) from += ` The budget renews: spent since ${budget.since}.`;
  if (!budget.ledger) from = "No ledger was named: open the page with --restricted DIR to count what was spent before.";
  if (budget.problem) from = `The ledger cannot be read, so what was spent is not counted: ${budget.problem}`;
  const notes = [make("p", { class: budget.problem ? "box bad" : "hint" }, from)];
  if (budget.repeats.length) {
    notes.push(make("p", { class: "hint" }, `In the ledger already, so they spend nothing if repeated: ${budget.repeats.join(", ")}.`));
  }
  account.replaceChildren(
    make("table", {}, make("caption", { class: "unseen" }, "Budget"), make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...lines)),
    make("figure", {}, make("figcaption", {}, "ε: spent before, for these tables, left"), bar(budget.epsilon, "ε")),
    ...notes,
  );
}

// --- preview --------------------------------------------------------------------------------------

let records = [];
let current = 0;

function pieces(texts, isAfter) {
  const line = make("p", { class: isAfter ? "is" : "was" });
  for (const { text, mark } of texts) {
    if (!mark) line.append(text);
    else if (isAfter) line.append(make("mark", { class: "put" }, text));
    else line.append(make("mark", {}, text, make("small", {}, mark)));
  }
  return line;
}

const whole = (texts) => texts.map(({ text }) => text).join("");

function showRecord() {
  const record = records[current];
  byId("record").textContent = records.length ? `Record ${current + 1} of ${records.length}` : "No record";
  byId("previous").disabled = current <= 0;
  byId("next").disabled = current >= records.length - 1;
  const parts = [];
  if (record?.refused) {
    parts.push(make("p", { class: "box bad" }, `Would go to quarantine: ${record.refused}.`));
  }
  for (const { field, before, after } of record?.texts ?? []) {
    const many = (before ?? after ?? []).map((_, n) => {
      const item = make("li");
      if (before && after && whole(before[n]) === whole(after[n])) {
        item.append(pieces(after[n], true));
        return item;
      }
      if (before) item.append(pieces(before[n], false));
      if (after) item.append(pieces(after[n], true));
      if (before && after) {
        item.firstChild.prepend(make("span", { class: "tag" }, "now"));
        item.lastChild.prepend(make("span", { class: "tag" }, "published"));
      }
      return item;
    });
    parts.push(make("h3", {}, field));
    if (!after) parts.push(make("p", {}, "Not published."));
    if (many.length) parts.push(make("ol", {}, ...many));
  }
  if (!parts.length) parts.push(make("p", {}, "There is no text to show."));
  byId("texts").replaceChildren(...parts);
  for (const row of fields) {
    const shown = record?.fields[row.name];
    const example = row.element.querySelector(".example");
    example.hidden = !shown;
    if (!shown) continue;
    const after = shown.after ?? "not published";
    if (shown.before === null) example.textContent = "(empty)";
    else if (shown.before === undefined || shown.before === shown.after) example.textContent = after;
    else example.textContent = `${shown.before} → ${after}`;
  }
}

function showPreview(answer) {
  ({ records } = answer);
  current = Math.min(current, Math.max(records.length - 1, 0));
  const problem = byId("preview-problem");
  const reasons = answer.refused.map((one) => `${one.records} of the records would go to quarantine: ${one.reason}.`);
  problem.textContent = reasons.join(" ");
  problem.hidden = reasons.length === 0;
  byId("preview").setAttribute("aria-busy", "false");
  byId("texts").classList.remove("stale");
  showRecord();
}

function previewFailed(error) {
  const problem = byId("preview-problem");
  problem.textContent = error.message;
  problem.hidden = false;
  byId("preview").setAttribute("aria-busy", "false");
  if (!records.length) byId("record").textContent = "";
}

const previewed = latest(
  400,
  "preview",
  () => ({ changes: changes(), originals: byId("originals").checked }),
  showPreview,
  previewFailed,
);

for (const [id, step] of [["previous", -1], ["next", 1]]) {
  byId(id).addEventListener("click", () => {
    current += step;
    showRecord();
  });
}
byId("originals").addEventListener("input", () => previewed(true));

// --- the whole ------------------------------------------------------------------------------------

let proposed = body.dataset.digest;
let problems = [];
let lastPreviewed = "";

function shownCount(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

function showLook(answer) {
  ({ proposed, problems } = answer);
  clearFindings();
  showFindings("problem", "Problem", byId("problems"), problems);
  showFindings("warning", "Warning", byId("warnings"), answer.warnings);
  byId("findings-none").hidden = problems.length + answer.warnings.length > 0;
  if (answer.tables) {
    showTables(answer.tables, answer.saved_tables);
    showBudget(answer.budget);
  } else {
    for (const outcome of document.querySelectorAll(".outcome")) outcome.classList.add("stale");
  }
  const count = changes().length;
  byId("status").textContent = count
    ? `${shownCount(count, "change", "changes")}, ${shownCount(problems.length, "problem", "problems")}, ${shownCount(answer.warnings.length, "warning", "warnings")}.`
    : "Nothing changed.";
  byId("open-review").disabled = count === 0;
  byId("undo").disabled = count === 0;
  showDiff(answer.diff);
  const about = JSON.stringify(changes().filter(({ at }) => !["aggregate", "verify"].includes(at[0])));
  if (about !== lastPreviewed && problems.length === 0) {
    lastPreviewed = about;
    byId("preview").setAttribute("aria-busy", "true");
    previewed();
  } else if (problems.length) byId("texts").classList.add("stale");
}

function lookFailed(error) {
  byId("status").textContent = error.status ? error.message : "The server does not answer: it was ended, or this machine slept.";
}

const look = latest(120, "look", () => ({ changes: changes(), sizes: sizes() }), showLook, lookFailed);

document.addEventListener("input", (event) => {
  if (event.target.id !== "originals") look();
});
byId("sizes")?.addEventListener("submit", (event) => event.preventDefault());

// --- saving ---------------------------------------------------------------------------------------

const review = byId("review");

function showDiff(lines) {
  const kinds = { old: ["del", "− "], new: ["ins", "+ "], gap: ["span", ""], same: ["span", "  "] };
  byId("diff").replaceChildren(
    ...lines.map(({ kind, text }) => {
      const [name, sign] = kinds[kind];
      return make(name, kind === "gap" ? { class: "gap" } : {}, `${sign}${text}`);
    }),
  );
  const [gone, come] = ["old", "new"].map((kind) => lines.filter((line) => line.kind === kind).length);
  byId("review-what").textContent = problems.length
    ? `It cannot be saved: ${shownCount(problems.length, "problem is", "problems are")} left. Go back and mend them.`
    : `${shownCount(come, "line", "lines")} in place of ${gone}. Comments and all other lines stay as they are.`;
  byId("save").disabled = problems.length > 0 || lines.length === 0;
}

byId("open-review").addEventListener("click", () => {
  byId("review-problem").hidden = true;
  review.showModal();
});
byId("cancel").addEventListener("click", () => review.close());

let isLeaving = false;
function reload() {
  isLeaving = true;
  location.reload();
}

byId("save").addEventListener("click", async () => {
  byId("save").disabled = true;
  try {
    const { saved } = await ask("save", { changes: changes(), proposed });
    sessionStorage.setItem("saved", saved);
    reload();
  } catch (error) {
    byId("review-problem").textContent = error.message;
    byId("review-problem").hidden = false;
    byId("reload").hidden = error.status !== 409;
    byId("save").disabled = error.status === 409;
  }
});
byId("reload").addEventListener("click", reload);
byId("undo").addEventListener("click", reload);
addEventListener("beforeunload", (event) => {
  if (!isLeaving && changes().length) event.preventDefault();
});

const saved = sessionStorage.getItem("saved");
sessionStorage.removeItem("saved");
// What a browser fills in again after a reload is not what the file says.
for (const control of [...controls, ...document.querySelectorAll("tr[data-field] select, tr[data-field] input")]) {
  control.setAttribute("autocomplete", "off");
}
look(true);
if (saved) {
  const tell = setInterval(() => {
    if (byId("preview").getAttribute("aria-busy") === "false") clearInterval(tell);
    byId("status").textContent = `Saved ${saved}.`;
  }, 200);
}
