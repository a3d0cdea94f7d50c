// What an expression of a form yields over the answers: the trees are made by the server (collection/forms/rules/xpath.py), and
// this says the same of them as collection/forms/rules/evaluation.py. Values: strings, numbers, booleans, lists of nodes.
const DAY = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const NUMBER = /^-?(\d+(\.\d*)?|\.\d+)$/;
const WEEKDAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

export const node = (name, text = "", children = []) => {
  const made = { name, text, children: [], parent: null, relevant: true };
  for (const child of children) add(made, child);
  return made;
};
export const add = (parent, child) => {
  child.parent = parent;
  parent.children.push(child);
  return child;
};
const rootOf = (one) => (one.parent ? rootOf(one.parent) : one);
export const valueOf = (one) => (!one.relevant ? "" : one.children.length ? one.children.map(valueOf).join("") : one.text);

export const truth = (value) => (typeof value === "boolean" ? value : typeof value === "number" ? !Number.isNaN(value) && value !== 0 : value.length > 0);
export const text = (value) => (Array.isArray(value) ? (value.length ? valueOf(value[0]) : "") : String(value));
const pad = (number) => String(number).padStart(2, "0");
const daysOf = (found) => {
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const moment = new Date(Date.UTC(year, month - 1, day));
  if (moment.getUTCMonth() !== month - 1 || moment.getUTCDate() !== day) return NaN;
  return moment / 86400000 + (Number(found[4] ?? 0) * 3600 + Number(found[5] ?? 0) * 60 + Number(found[6] ?? 0)) / 86400;
};
export const number = (value) => {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  const written = text(value).trim();
  if (NUMBER.test(written)) return Number(written);
  const found = DAY.exec(written);
  return found ? daysOf(found) : NaN;
};

const compared = (word, one, other) => {
  if (Array.isArray(one)) return one.length ? one.some((each) => compared(word, valueOf(each), other)) : compared(word, "", other);
  if (Array.isArray(other)) return other.length ? other.some((each) => compared(word, one, valueOf(each))) : compared(word, one, "");
  if (word === "=" || word === "!=") {
    let same = one === other;
    if (typeof one === "boolean" || typeof other === "boolean") same = truth(one) === truth(other);
    else if (typeof one === "number" || typeof other === "number") same = number(one) === number(other);
    return same === (word === "=");
  }
  const [left, right] = [number(one), number(other)];
  return { "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right }[word];
};
const reckoned = (word, left, right) => ({ "+": left + right, "-": left - right, "*": left * right, div: left / right, mod: left % right })[word];
const chosen = (value) => text(value).split(/\s+/).filter(Boolean);
const numbers = (values) => values.flatMap((value) => (Array.isArray(value) ? value.map(valueOf) : [value])).filter((one) => one !== "").map(number);
const best = (choose) => (...values) => {
  const found = numbers(values);
  return found.length && !found.some(Number.isNaN) ? choose(...found) : NaN;
};
const flat = (values) => values.flatMap((value) => (Array.isArray(value) ? value.map(valueOf) : [text(value)]));
const dayOf = (value) => {
  const exact = number(value);
  return Number.isNaN(exact) || Math.abs(exact) > 1000000 ? "" : new Date(Math.floor(exact) * 86400000).toISOString().slice(0, 10);
};
const formatted = (value, pattern) => {
  const day = dayOf(value);
  if (!day) return "";
  const moment = new Date(day), [year, month, date] = [moment.getUTCFullYear(), moment.getUTCMonth() + 1, moment.getUTCDate()];
  const parts = { Y: String(year).padStart(4, "0"), y: pad(year % 100), m: pad(month), n: String(month), b: `${month}月`, d: pad(date), e: String(date), a: WEEKDAYS[moment.getUTCDay()], H: "00", M: "00", S: "00" };
  return text(pattern).replace(/%([YymnbdeaHMS])/g, (_all, letter) => parts[letter]);
};
const matches = (value, pattern) => {
  const [written, tried] = [text(pattern), text(value)];
  if (written.length > 200 || tried.length > 2000) return false;
  try {
    return new RegExp(written, "u").test(tried);
  } catch {
    return false;
  }
};
const translated = (value, source, target) => {
  const from = [...text(source)], into = [...text(target)];
  return [...text(value)].map((one) => (from.includes(one) ? (into[from.indexOf(one)] ?? "") : one)).join("");
};

const CALLS = {
  selected: (value, one) => chosen(value).includes(text(one).trim()),
  "selected-at": (value, at) => chosen(value)[number(at)] ?? "",
  "count-selected": (value) => chosen(value).length,
  not: (value) => !truth(value),
  true: () => true,
  false: () => false,
  boolean: truth,
  "boolean-from-string": (value) => ["true", "1"].includes(text(value)),
  string: text,
  number,
  int: (value) => Math.trunc(number(value)),
  round: (value, digits = 0) => Math.floor(number(value) * 10 ** number(digits) + 0.5) / 10 ** number(digits),
  floor: (value) => Math.floor(number(value)),
  ceiling: (value) => Math.ceil(number(value)),
  abs: (value) => Math.abs(number(value)),
  pow: (base, power) => number(base) ** number(power),
  min: best(Math.min),
  max: best(Math.max),
  sum: (value) => numbers([value]).reduce((total, one) => total + one, 0),
  count: (value) => (Array.isArray(value) ? value.length : 0),
  "count-non-empty": (value) => (Array.isArray(value) ? value.filter(valueOf).length : 0),
  coalesce: (one, other) => text(one) || text(other),
  concat: (...values) => flat(values).join(""),
  join: (between, ...values) => flat(values).join(text(between)),
  "string-length": (value) => [...text(value)].length,
  substr: (value, start, end) => text(value).slice(number(start), end === undefined ? undefined : number(end)),
  contains: (value, one) => text(value).includes(text(one)),
  "starts-with": (value, one) => text(value).startsWith(text(one)),
  "ends-with": (value, one) => text(value).endsWith(text(one)),
  "normalize-space": (value) => text(value).split(/\s+/).filter(Boolean).join(" "),
  translate: translated,
  regex: matches,
  date: dayOf,
  "date-time": text,
  "format-date": formatted,
  "decimal-date-time": number,
  "jr:itext": text,
};
const BARE = new Set(["string", "number", "string-length", "normalize-space"]);

// world: { now: Date, lists: {name: node}, names: {value: words} }
export const evaluate = (tree, here, world, current = here, place = 1) => {
  const of = (one, at = here, number_ = place) => evaluate(one, at, world, current, number_);
  const [kind] = tree;
  if (kind === "num" || kind === "str") return tree[1];
  if (kind === "neg") return -number(of(tree[1]));
  if (kind === "op") {
    const [, word, left, right] = tree, one = of(left);
    if (word === "and") return truth(one) && truth(of(right));
    if (word === "or") return truth(one) || truth(of(right));
    const other = of(right);
    if (word === "|") return [one, other].filter(Array.isArray).flat();
    return ["=", "!=", "<", "<=", ">", ">="].includes(word) ? compared(word, one, other) : reckoned(word, number(one), number(other));
  }
  if (kind === "path") {
    const [, start, steps] = tree;
    let nodes = start === "root" ? [{ children: [rootOf(current)], relevant: true }] : start === "here" ? [here] : of(start);
    if (!Array.isArray(nodes)) return [];
    for (const [name, predicates] of steps) {
      nodes = nodes.flatMap((one) => {
        if (name === ".") return [one];
        if (name === "..") return one.parent ? [one.parent] : [];
        return one.children.filter((child) => child.relevant && (name === "*" || child.name === name));
      });
      for (const predicate of predicates)
        nodes = nodes.filter((one, at) => {
          const found = of(predicate, one, at + 1);
          return typeof found === "number" ? found === at + 1 : truth(found);
        });
    }
    return nodes;
  }
  const [, name, trees] = tree;
  if (name === "if") return of(trees[truth(of(trees[0])) ? 1 : 2]);
  if (name === "current") return [current];
  if (name === "instance") return [world.lists[text(of(trees[0]))] ?? node("")];
  if (name === "once") return here.text || of(trees[0]);
  if (name === "position") {
    const found = trees.length ? of(trees[0])[0] : undefined;
    return found?.parent ? found.parent.children.filter((one) => one.name === found.name).indexOf(found) + 1 : place;
  }
  if (name === "today" || name === "now") {
    const { now } = world, day = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
    return name === "today" ? day : `${day}T${pad(now.getHours())}:${pad(now.getMinutes())}:${pad(now.getSeconds())}`;
  }
  const values = trees.map((one) => of(one));
  if (!values.length && BARE.has(name)) values.push([here]);
  if (name === "jr:choice-name") return world.names[text(values[0])] ?? text(values[0]);
  return CALLS[name](...values);
};
