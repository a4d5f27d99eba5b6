// The form of one report. The browser adds up at once; the kernel judges after each pause and saves.

const PAUSE = 400; // ms after the last key before the kernel is asked
const PATIENCE = 8000; // ms before it is said that the kernel does not answer
const MANY = 8; // findings shown before the rest is folded
const ALIKE = 2; // of these, how many may be of one rule

export default { render };

function render({ model, el }) {
  const form = new Form(model, el);
  form.draw();
  form.restore();
  form.update(false);
  form.judge(model.get("state").judged);
  const heard = (message) => form.hear(message);
  model.on("msg:custom", heard);
  const jumped = (event) => form.followed(event);
  document.addEventListener("click", jumped, true);
  return () => {
    model.off("msg:custom", heard);
    document.removeEventListener("click", jumped, true);
    form.stop();
  };
}

class Form {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.state = model.get("state");
    this.inputs = new Map(); // key → input of a field, a cell or a part
    this.base = new Map(); // key → text as the file has it
    this.lists = { classes: [], channels: [] }; // rows of {name, count} inputs
    this.marks = []; // {equation, node}
    this.undo = []; // blocks that were filled in at once, each a list of [input, text before]
    this.asked = 0;
    this.waiting = new Map(); // id → timer
    this.store = `nianbao-form:${this.state.file}`;
  }

  // -- drawing ---------------------------------------------------------------------------------

  draw() {
    const { state } = this;
    this.root = node("div", { class: "nbf" });
    this.root.dataset.lmSuppressShortcuts = "true";
    this.root.append(this.head());
    const main = node("div", { class: "nbf-main" });
    this.findings = node("section", { class: "nbf-findings" });
    this.findings.setAttribute("aria-live", "polite");
    main.append(this.findings, this.groups());
    main.append(this.disclosure(), this.partTwo(), this.grid("t3"), this.grid("t4"));
    for (const part of state.parts) main.append(this.part(part));
    this.root.append(main);
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("input", (event) => this.typed(event.target));
    this.root.addEventListener("change", (event) => this.typed(event.target));
    this.root.addEventListener("paste", (event) => this.paste(event));
    this.el.append(this.root);
  }

  head() {
    const { state } = this;
    const name = node("div", { class: "nbf-name" }, `${state.title}${state.sample ? "（示例）" : ""}`);
    name.append(node("span", { class: "nbf-file" }, state.file));
    this.status = node("span", { class: "nbf-status", role: "status" });
    this.saveButton = node("button", { type: "button", class: "nbf-save", title: "Ctrl+S" }, "保存");
    this.saveButton.onclick = () => this.save();
    const run = node("button", { type: "button", title: "保存，再运行全部单元格" }, "保存并运行全部");
    run.onclick = () => this.save("notebook:run-all-cells");
    // JupyterLab runs the command that a clicked element names.
    this.command = node("button", { type: "button", class: "nbf-command", tabindex: "-1", "aria-hidden": "true" });
    return node("header", {}, name, this.status, this.saveButton, run, this.command);
  }

  section(title, open, ...children) {
    const details = node("details", open ? { open: "" } : {}, node("summary", {}, title), ...children);
    return details;
  }

  groups() {
    const box = node("div", { class: "nbf-fields" });
    for (const group of this.state.groups) {
      const set = node("fieldset", {}, node("legend", {}, group.label));
      for (const field of group.fields) set.append(this.field(field));
      box.append(set);
    }
    return this.section("联系方式、公文、信息处理费", true, box);
  }

  field(field) {
    let input;
    if (field.kind === "flag") {
      input = node("select", {});
      for (const value of ["", "是", "否"]) input.append(node("option", { value }, value || "按有无文号"));
    } else {
      input = node("input", { type: "text", autocomplete: "off" });
      if (field.kind === "date") input.title = `写成 ${this.state.year + 1}-01-20 的样子`;
      if (field.kind === "count" || field.kind === "money") input.classList.add("nbf-number");
    }
    this.register(field.key, input, field.value);
    const label = node("label", {}, node("span", {}, field.label), input);
    if (field.last && field.last !== field.value && field.kind !== "flag" && field.key !== "date") label.append(this.last(field.last));
    return label;
  }

  last(text) {
    return node("small", { class: "nbf-last", title: `${this.state.lastYear} 年` }, `上年 ${text}`);
  }

  register(key, input, value) {
    input.dataset.key = key;
    input.setAttribute("aria-label", input.getAttribute("aria-label") || key);
    input.value = value;
    this.inputs.set(key, input);
    this.base.set(key, value);
  }

  disclosure() {
    const box = node("div", { class: "nbf-disclosure" });
    box.append(this.field(this.state.total));
    this.sum = node("p", { class: "nbf-sum" });
    for (const [which, title, add] of [
      ["classes", "分类", "加一类"],
      ["channels", "其他渠道（不计入总数）", "加一个渠道"],
    ]) {
      const table = node("table", { class: "nbf-list" });
      table.dataset.grid = which;
      const body = node("tbody", {});
      table.append(node("thead", {}, row("th", title, "条数", this.state.lastYear ? "上年" : "", "")), body);
      this.lists[which].body = body;
      for (const item of this.state[which]) this.item(which, item);
      const more = node("button", { type: "button" }, add);
      more.onclick = () => {
        this.item(which, { name: "", count: "", last: "" }).name.focus();
        this.update();
      };
      box.append(node("div", {}, table, more, which === "classes" ? this.sum : ""));
    }
    return this.section("主动公开的条数（第一部分用）", true, box);
  }

  item(which, item) {
    const list = this.lists[which];
    const name = node("input", { type: "text", "aria-label": "名称", autocomplete: "off", value: item.name });
    const count = node("input", { type: "text", "aria-label": "条数", autocomplete: "off", class: "nbf-number", value: item.count });
    const away = node("button", { type: "button", class: "nbf-away", title: "删去这一行", "aria-label": "删去这一行", tabindex: "-1" }, "×");
    const tr = row("td", name, count, item.last || "", away);
    tr.children[2].className = "nbf-last";
    const entry = { name, count, tr };
    away.onclick = () => {
      list.splice(list.indexOf(entry), 1);
      tr.remove();
      this.update();
    };
    list.push(entry);
    list.body.append(tr);
    return entry;
  }

  cell(key) {
    const cell = this.state.cells[key];
    const input = node("input", { type: "text", class: "nbf-number", autocomplete: "off", "aria-label": cell.label, title: cell.label });
    if (cell.parts.length || cell.counted) input.classList.add("nbf-computed");
    this.register(key, input, cell.value);
    const td = node("td", {}, input);
    if (cell.last !== "") td.append(node("small", { class: "nbf-last", title: `${this.state.lastYear} 年` }, cell.last));
    return td;
  }

  mark(equations) {
    const td = node("td", { class: "nbf-mark" });
    for (const equation of equations) {
      const sign = node("span", {});
      this.marks.push({ equation, sign });
      td.append(sign);
    }
    return td;
  }

  equationsAt(test) {
    return this.state.equations.filter(test);
  }

  partTwo() {
    const { heading, blocks } = this.state.tables.t2;
    const table = node("table", { class: "nbf-grid" });
    table.dataset.grid = "t2";
    for (const block of blocks) {
      table.append(node("tbody", {}, row("th", block.clause, ...block.columns, "")));
      const body = node("tbody", {});
      for (const line of block.rows) {
        const tr = node("tr", {}, node("th", { scope: "row" }, line.label), ...line.cells.map((key) => this.cell(key)));
        const name = line.cells[0].split(".").slice(0, 2).join(".");
        tr.append(this.mark(this.equationsAt((e) => e.at.startsWith(`${name}.`))));
        body.append(tr);
      }
      table.append(body);
    }
    return this.section(heading, true, table, this.zeros("t2", "空白处都填 0"));
  }

  grid(name) {
    const { heading, columns, rows } = this.state.tables[name];
    const table = node("table", { class: "nbf-grid" });
    table.dataset.grid = name;
    table.append(node("thead", {}, row("th", this.state.lastYear ? `灰字为 ${this.state.lastYear} 年` : "", ...columns, "核对")));
    const body = node("tbody", {});
    let group = "";
    for (const line of rows) {
      if (line.stub.length === 3 && line.stub[1] !== group) {
        group = line.stub[1];
        body.append(node("tr", { class: "nbf-group" }, node("th", { colspan: String(columns.length + 2) }, group)));
      }
      const label = node("th", { scope: "row", class: line.stub.length === 3 ? "nbf-inner" : "" }, line.stub[line.stub.length - 1]);
      const tr = node("tr", {}, label, ...line.cells.map((key) => this.cell(key)));
      const total = line.cells[line.cells.length - 1];
      tr.append(this.mark(this.equationsAt((e) => e.at === total && e.left.every((t) => !t.key || t.key.startsWith(total.replace(/[^.]+$/, ""))))));
      body.append(tr);
    }
    table.append(body);
    const rules = [...new Set(this.state.equations.filter((e) => e.at.startsWith(`${name}.`)).map((e) => e.rule))];
    const foot = node("tfoot", {});
    for (const rule of name === "t3" ? rules : []) {
      const placed = this.equationsAt((e) => e.rule === rule);
      const byColumn = columns.map((_, i) => placed.filter((e) => rows.some((line) => line.cells[i] === e.at)));
      if (rule === "T3-03" || byColumn.every((list) => list.length === 0)) continue;
      foot.append(node("tr", {}, node("th", { scope: "row", title: placed[0].holds }, placed[0].holds.replace(/。$/, "")), ...byColumn.map((list) => this.mark(list)), node("td", {})));
    }
    table.append(foot);
    const words = { t3: "本年没有收到申请：空白处都填 0", t4: "本年没有复议、诉讼：空白处都填 0" };
    return this.section(heading, true, this.zeros(name, words[name]), node("div", { class: "nbf-scroll" }, table));
  }

  zeros(name, words) {
    const button = node("button", { type: "button", class: "nbf-zeros" }, words);
    button.onclick = () => {
      const block = [];
      for (const [key, input] of this.inputs) {
        const cell = this.state.cells[key];
        if (cell && key.startsWith(`${name}.`) && !cell.parts.length && !cell.counted && !input.value.trim()) block.push([input, "0"]);
      }
      this.fill(block);
    };
    return button;
  }

  part(part) {
    const area = node("textarea", { rows: "2", "aria-label": part.heading, spellcheck: "false" });
    this.register(part.key, area, part.value);
    const children = [area];
    if (part.last) children.push(node("details", { class: "nbf-old" }, node("summary", {}, `${this.state.lastYear} 年的文字（只供参考）`), node("div", {}, part.last)));
    const title = part.optional ? `${part.heading}：表前的文字（可以没有）` : part.heading;
    return this.section(`正文 · ${title}`, !part.optional || part.value !== "", ...children);
  }

  // -- what was typed --------------------------------------------------------------------------

  changes() {
    const changes = {};
    for (const [key, input] of this.inputs) {
      if (input.value === this.base.get(key)) continue;
      const kind = key in this.state.cells ? "cells" : key.startsWith("narrative.") ? "narrative" : "fields";
      (changes[kind] ??= {})[key] = input.value;
    }
    for (const which of ["classes", "channels"]) {
      const now = this.lists[which].map(({ name, count }) => ({ name: name.value, count: count.value }));
      const before = this.state[which].map(({ name, count }) => ({ name, count }));
      if (JSON.stringify(now) !== JSON.stringify(before)) changes[which] = now;
    }
    return changes;
  }

  dirty(changes) {
    return Object.values(changes).reduce((sum, part) => sum + (Array.isArray(part) ? 1 : Object.keys(part).length), 0);
  }

  typed(target) {
    if (target.matches("input, textarea, select")) {
      this.last_block = false;
      this.update();
    }
  }

  fill(block) {
    const before = block.map(([input]) => [input, input.value]);
    for (const [input, text] of block) input.value = text;
    this.undo.push(before);
    this.last_block = true;
    this.update();
  }

  key(event) {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      event.stopPropagation();
      this.save("docmanager:save");
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey && this.last_block && this.undo.length) {
      event.preventDefault();
      for (const [input, text] of this.undo.pop()) input.value = text;
      this.last_block = this.undo.length > 0;
      this.update();
    } else if (plain && event.target.closest("[data-grid]")) {
      const { target } = event;
      const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0] };
      if (target.selectionStart === 0 && target.selectionEnd === 0) steps.ArrowLeft = [0, -1];
      if (target.selectionStart === target.value?.length) steps.ArrowRight = [0, 1];
      const step = steps[event.key];
      const next = step && target.tagName === "INPUT" && this.beside(target, ...step);
      if (next) {
        event.preventDefault();
        next.focus();
        next.select();
      }
    }
  }

  lines(input) {
    return [...input.closest("[data-grid]").querySelectorAll("tbody tr")].map((tr) => [...tr.querySelectorAll("input")]).filter((line) => line.length);
  }

  beside(input, down, right) {
    const lines = this.lines(input);
    const at = lines.findIndex((line) => line.includes(input));
    const line = lines[at + down];
    return line && line[Math.min(lines[at].indexOf(input) + right, line.length - 1)];
  }

  paste(event) {
    const grid = event.target.closest("[data-grid]");
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!grid || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const values = text.split("\n").map((line) => line.split("\t"));
    const which = grid.dataset.grid;
    let lines = this.lines(event.target);
    const top = lines.findIndex((line) => line.includes(event.target));
    const left = lines[top].indexOf(event.target);
    if (which in this.lists) {
      while (lines.length < top + values.length) {
        this.item(which, { name: "", count: "", last: "" });
        lines = this.lines(event.target);
      }
    }
    const block = [];
    values.forEach((line, down) => line.forEach((value, right) => {
      const input = lines[top + down]?.[left + right];
      if (input) block.push([input, value.trim()]);
    }));
    this.fill(block);
  }

  // -- adding up -------------------------------------------------------------------------------

  number(text) {
    const plain = text.normalize("NFKC").trim().replace(/,/g, "");
    if (plain === "") return null;
    return /^[-+]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
  }

  value(key) {
    const typed = this.number(this.inputs.get(key).value);
    return typed === null ? this.computed(key) : typed;
  }

  computed(key) {
    const cell = this.state.cells[key];
    if (cell.counted !== "") return Number(cell.counted);
    if (!cell.parts.length) return null;
    return this.total(cell.parts.map((part) => this.value(part)));
  }

  total(numbers) {
    return numbers.some((n) => n === null || Number.isNaN(n)) ? null : numbers.reduce((a, b) => a + b, 0);
  }

  side(terms) {
    return this.total(terms.map((term) => {
      const value = "key" in term ? this.value(term.key) : Number(term.value);
      return value === null ? null : term.sign * value;
    }));
  }

  update(ask = true) {
    const changes = this.changes();
    for (const [key, input] of this.inputs) {
      const cell = this.state.cells[key];
      input.classList.remove("nbf-wrong");
      input.classList.toggle("nbf-changed", input.value !== this.base.get(key));
      if (!cell) continue;
      const computed = this.computed(key);
      input.placeholder = computed === null ? "" : String(computed);
      input.classList.toggle("nbf-unfit", Number.isNaN(this.number(input.value)) && !["/", "-", "—", "——", "不适用"].includes(input.value.trim()));
    }
    for (const { equation, sign } of this.marks) {
      const left = this.side(equation.left), right = this.side(equation.right);
      const known = left !== null && right !== null;
      const holds = known && (left === right || (equation.atLeast && left > right));
      sign.textContent = !known ? "" : holds ? "✓" : "✗";
      sign.className = !known ? "" : holds ? "nbf-holds" : "nbf-fails";
      sign.title = known ? `${equation.rule}〔${equation.label}〕${left} ${holds ? (left === right ? "＝" : "≥") : "≠"} ${right}` : "";
      if (known && !holds) this.inputs.get(equation.at)?.classList.add("nbf-wrong");
    }
    this.addClasses();
    for (const area of this.root.querySelectorAll("textarea")) {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight + 4}px`;
    }
    const count = this.dirty(changes);
    this.saveButton.disabled = count === 0;
    this.say(count ? `有 ${count} 处没有保存` : "没有未保存的改动", count ? "dirty" : "");
    if (count) sessionStorage.setItem(this.store, JSON.stringify(changes));
    else sessionStorage.removeItem(this.store);
    if (ask) {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.ask("check", changes), PAUSE);
    }
  }

  addClasses() {
    const counts = this.lists.classes.map(({ count }) => this.number(count.value));
    const sum = this.total(counts), whole = this.number(this.inputs.get("disclosure.total").value);
    if (!counts.length || sum === null) this.sum.textContent = "";
    else if (whole === null) this.sum.textContent = `各类合计 ${sum}`;
    else this.sum.textContent = sum === whole ? `✓ 各类合计 ${sum}，等于总数` : `✗ 各类合计 ${sum}，总数 ${whole}，相差 ${Math.abs(sum - whole)}`;
    const bad = sum !== null && counts.length && whole !== null && sum !== whole;
    this.sum.className = bad ? "nbf-sum nbf-fails" : "nbf-sum";
    this.inputs.get("disclosure.total").classList.toggle("nbf-wrong", Boolean(bad));
  }

  // -- the kernel ------------------------------------------------------------------------------

  ask(type, changes) {
    const id = ++this.asked;
    this.model.send({ type, id, changes, digest: this.state.digest });
    this.waiting.set(id, setTimeout(() => {
      this.say(type === "save" ? "没有保存：内核没有应答。重启内核、重新运行这一格，填的内容会留着" : "内核没有应答，核对结果不是最新的", "bad");
    }, PATIENCE));
  }

  save(then = "") {
    clearTimeout(this.pause);
    this.then = then;
    const changes = this.changes();
    if (this.dirty(changes) === 0) return this.run(then);
    this.say("正在保存", "");
    this.ask("save", changes);
  }

  run(command) {
    if (!command) return;
    this.command.dataset.commandlinkerCommand = command;
    this.command.dataset.commandlinkerArgs = "{}";
    this.command.click();
  }

  hear(message) {
    clearTimeout(this.waiting.get(message.id));
    this.waiting.delete(message.id);
    if (message.type === "saved") {
      this.take(this.model.get("state"), message.digest);
      this.judge(message.judged);
      this.say("已保存", "good");
      this.run(this.then);
    } else if (message.id === this.asked) {
      if (message.type === "findings") this.judge(message.judged);
      else this.refuse(message);
    }
  }

  take(state, digest) {
    this.state = { ...state, digest };
    for (const part of [...state.groups.flatMap((group) => group.fields), state.total, ...state.parts]) this.base.set(part.key, part.value);
    for (const [key, cell] of Object.entries(state.cells)) this.base.set(key, cell.value);
    for (const [key, input] of this.inputs) if (input !== document.activeElement || key in state.cells) input.value = this.base.get(key);
    for (const which of ["classes", "channels"]) {
      for (const { tr } of this.lists[which].splice(0)) tr.remove();
      for (const item of state[which]) this.item(which, item);
    }
    this.undo = [];
    this.update(false);
  }

  refuse({ of, fields }) {
    const list = node("ul", {});
    for (const [key, text] of Object.entries(fields)) {
      const label = this.state.cells[key]?.label ?? this.inputs.get(key)?.getAttribute("aria-label") ?? "";
      list.append(this.line("■", "error", `${label && label !== key ? `${label}：` : ""}${text}`, key));
      this.inputs.get(key)?.classList.add("nbf-unfit");
    }
    this.findings.replaceChildren(node("h4", { class: "nbf-fails" }, of === "save" ? "没有保存" : "填写不对，还不能核对"), list);
    if (of === "save") this.say("没有保存，见核对结果", "bad");
  }

  judge(judged) {
    const { ready, verdict, findings, note } = judged;
    const list = node("ul", {});
    const marks = { error: "■", warning: "▲", info: "●" };
    const seen = {};
    let hidden = 0;
    for (const finding of findings) {
      const again = (seen[finding.rule] = (seen[finding.rule] ?? 0) + 1) > ALIKE;
      const line = this.line(marks[finding.severity], finding.severity, finding.message, finding.cell);
      if (again || list.children.length - hidden >= MANY) {
        hidden += 1;
        line.hidden = !this.all;
      }
      list.append(line);
    }
    const heading = node("h4", { class: ready ? "nbf-holds" : "nbf-fails" }, ready ? `✓ ${verdict}` : verdict);
    this.findings.replaceChildren(heading, list);
    if (hidden) {
      const more = node("button", { type: "button" }, this.all ? "只列前几条" : `另有 ${hidden} 条`);
      more.onclick = () => {
        this.all = !this.all;
        this.judge(judged);
      };
      this.findings.append(more);
    }
    if (note) this.findings.append(node("p", { class: "nbf-note" }, note));
  }

  line(mark, severity, text, cell) {
    const item = node("li", { class: `nbf-${severity}` }, node("span", { class: "nbf-sign" }, mark), text);
    if (cell && this.place(cell)) {
      item.tabIndex = 0;
      item.title = `到填这里的格（${cell}）`;
      item.classList.add("nbf-link");
      item.onclick = () => this.jump(cell);
      item.onkeydown = (event) => event.key === "Enter" && this.jump(cell);
    }
    return item;
  }

  say(text, kind) {
    this.status.textContent = text;
    this.status.className = `nbf-status ${kind ? `nbf-${kind}` : ""}`;
  }

  // -- places ----------------------------------------------------------------------------------

  place(key) {
    if (this.inputs.has(key)) return this.inputs.get(key);
    const [, which, at] = key.match(/^disclosure\.(classes|channels)\.?(.*)$/) ?? [];
    if (which) {
      const list = this.lists[which];
      return (list[Number(at)] ?? list.find(({ name }) => name.value === at) ?? list[0])?.count;
    }
    if (key === "disclosure") return this.inputs.get("disclosure.total");
    for (const [known, input] of this.inputs) if (known.startsWith(`${key}.`)) return input;
    return null;
  }

  jump(key) {
    const input = this.place(key);
    if (!input) return;
    for (let at = input.parentElement; at && at !== this.root; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    input.scrollIntoView({ block: "center" });
    input.focus({ preventScroll: true });
    input.select?.();
  }

  followed(event) {
    const link = event.target.closest?.('a[href*="#nbf:"]');
    if (!link || !this.root.isConnected) return;
    const key = decodeURIComponent(link.getAttribute("href").split("#nbf:")[1]);
    if (!this.place(key)) return;
    event.preventDefault();
    event.stopPropagation();
    this.jump(key);
  }

  // -- what was not saved ----------------------------------------------------------------------

  restore() {
    const kept = sessionStorage.getItem(this.store);
    if (!kept) return;
    const changes = JSON.parse(kept);
    for (const kind of ["fields", "cells", "narrative"]) {
      for (const [key, text] of Object.entries(changes[kind] ?? {})) if (this.inputs.has(key)) this.inputs.get(key).value = text;
    }
    for (const which of ["classes", "channels"]) {
      if (!changes[which]) continue;
      for (const { tr } of this.lists[which].splice(0)) tr.remove();
      for (const item of changes[which]) this.item(which, item);
    }
    if (this.dirty(this.changes())) setTimeout(() => {
      this.update();
      this.say("上次没有保存的内容还在，核对后再保存", "dirty");
    });
  }

  stop() {
    clearTimeout(this.pause);
    for (const timer of this.waiting.values()) clearTimeout(timer);
  }
}

function node(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function row(tag, ...cells) {
  return node("tr", {}, ...cells.map((cell) => node(tag, {}, cell)));
}
