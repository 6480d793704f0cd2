"use strict";
(() => {
  const plots = JSON.parse(document.getElementById("report-data").textContent);
  const page = document.documentElement;

  // Runs beyond these are drawn in grey: more colours could not be told apart.
  const COLOURED = 8;
  const OTHERS = "other runs";
  const NARROW = 480;
  const PRINT_WIDTH = 980;

  const LIGHT = {
    ink: "#1b1f24", soft: "#57606a", line: "#d5dae0", paper: "#ffffff", faint: "#b4bac2",
    colours: ["#0072b2", "#c4500a", "#00805e", "#a8387a", "#8a6100", "#5b4fc4", "#1a8ba6", "#2f2f2f"],
    spent: { useful: "#00805e", redone: "#c4500a", saving: "#0072b2", waiting: "#c9ced5", failed: "#a8387a" },
  };
  const DARK = {
    ink: "#e6e9ee", soft: "#a3adb8", line: "#343c46", paper: "#12161b", faint: "#555e69",
    colours: ["#56b4e9", "#f0a04b", "#4cd3a5", "#e58dbd", "#f0e442", "#a79bff", "#7fe0f0", "#e6e6e6"],
    spent: { useful: "#4cd3a5", redone: "#f0a04b", saving: "#56b4e9", waiting: "#59636f", failed: "#e58dbd" },
  };
  const DASHES = ["solid", [7, 4], [2, 3], [9, 3, 2, 3], [5, 2], [12, 4], [2, 2, 6, 2], [4, 6]];
  const MARKS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle", "emptyDiamond"];
  const DASHED_LINE = "path://M0 8h10v3h-10zM16 8h10v3h-10zM32 8h10v3h-10z";
  const DECALS = {
    useful: "none",
    redone: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 },
    saving: { symbol: "circle", dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [5, 0], symbolSize: 0.5 },
    waiting: "none",
    failed: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 3], rotation: Math.PI / 4 },
  };
  let printing = false;

  const isDark = () => !printing && (page.dataset.theme
    ? page.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches);

  // Numbers ------------------------------------------------------------------------------------

  const digits = (value, count) => String(Number(value.toPrecision(count)));

  function short(value) {
    const size = Math.abs(value);
    for (const [power, letter] of [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "K"]]) {
      if (size >= power) {
        return digits(value / power, 3) + " " + letter;
      }
    }
    return digits(value, 3);
  }

  // A unit in which the numbers up to the largest are of a handy size.
  function timeUnit(largest) {
    for (const [seconds, name] of [[86400, "days"], [3600, "hours"], [60, "minutes"]]) {
      if (largest >= 3 * seconds) {
        return { seconds, name };
      }
    }
    return { seconds: 1, name: "seconds" };
  }

  function abridged(text, length) {
    return text.length <= length ? text : text.slice(0, length - 1) + "…";
  }

  // Two digits around what is there, so that a logarithmic axis begins and ends at a plain number.
  function bounds(values) {
    let low = Infinity;
    let high = -Infinity;
    for (const value of values) {
      if (value > 0) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    if (low > high) {
      return {};
    }
    const step = (value) => Math.pow(10, Math.floor(Math.log10(value)) - 1);
    return {
      min: Number((Math.floor(low * 0.98 / step(low)) * step(low)).toPrecision(3)),
      max: Number((Math.ceil(high * 1.02 / step(high)) * step(high)).toPrecision(3)),
    };
  }

  // Parts of a plot ----------------------------------------------------------------------------

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) {
      made.textContent = text;
    }
    if (className) {
      made.className = className;
    }
    return made;
  }

  // Lines of a tip: [name, value] pairs. Built of elements: names are texts, never HTML.
  function tip(head, lines) {
    const box = element("div", undefined, "tip");
    box.append(element("div", head));
    for (const [name, value] of lines) {
      const line = element("div", name + " ");
      line.append(element("b", value));
      box.append(line);
    }
    return box;
  }

  function axis(look, name, more) {
    return Object.assign({
      name,
      nameLocation: "middle",
      nameTextStyle: { color: look.soft },
      axisLabel: { color: look.soft, hideOverlap: true },
      axisLine: { show: true, lineStyle: { color: look.soft } },
      axisTick: { show: true, lineStyle: { color: look.soft } },
      splitLine: { lineStyle: { color: look.line } },
    }, more);
  }

  function base(look, narrow, names) {
    return {
      animation: false,
      textStyle: { fontFamily: "system-ui, sans-serif", color: look.ink },
      grid: { left: narrow ? 52 : 68, right: 24, top: 16, bottom: names.length > 1 ? 84 : 52 },
      legend: {
        show: names.length > 1,
        type: "scroll",
        bottom: 0,
        data: names,
        itemWidth: 34,
        textStyle: { color: look.ink },
        pageTextStyle: { color: look.ink },
        pageIconColor: look.ink,
        pageIconInactiveColor: look.line,
        inactiveColor: look.faint,
        formatter: (name) => abridged(name, narrow ? 20 : 40),
      },
      tooltip: {
        confine: true,
        backgroundColor: look.paper,
        borderColor: look.line,
        textStyle: { color: look.ink },
        axisPointer: { lineStyle: { color: look.soft } },
      },
    };
  }

  // What a line does not rise above, but for its rarest spikes.
  function usualTop(points) {
    const values = points.map((point) => point[1]).filter((value) => value !== null);
    const sorted = [...values].sort((one, other) => one - other);
    return Math.max(values[0] || 0, sorted[Math.floor(0.99 * (sorted.length - 1))] || 0);
  }

  function nearest(points, x) {
    let best = null;
    for (const point of points) {
      if (point[1] !== null && (best === null || Math.abs(point[0] - x) < Math.abs(best[0] - x))) {
        best = point;
      }
    }
    return best;
  }

  // Which colour, dash and mark each run has: one of its own on the whole page, as long as there are
  // any. A plot without the runs that have them lends them to others.
  const slots = new Map();

  function lend(runs) {
    const wanted = runs.slice(0, COLOURED);
    const taken = new Set(wanted.map((run) => slots.get(run.name)));
    let next = 0;
    for (const run of wanted) {
      if (!slots.has(run.name)) {
        while (taken.has(next)) {
          next++;
        }
        taken.add(next);
        slots.set(run.name, next);
      }
    }
  }

  // A run that is among the first has its colour, dash and mark; the others share a grey.
  function dress(look, place, name) {
    const coloured = place < COLOURED;
    const index = coloured ? slots.get(name) : place;
    return {
      coloured,
      name: coloured ? name : OTHERS,
      colour: coloured ? look.colours[index] : look.faint,
      dash: coloured ? DASHES[index] : "solid",
      mark: coloured ? MARKS[index] : "none",
      z: coloured ? 10 + COLOURED - place : 2,
    };
  }

  function names(runs) {
    const all = runs.slice(0, COLOURED).map((run) => run.name);
    return runs.length > COLOURED ? all.concat([OTHERS]) : all;
  }

  function atEnd(dressed, narrow) {
    return dressed.coloured && !narrow
      ? { show: true, formatter: abridged(dressed.name, 18), color: dressed.colour, distance: 6 }
      : { show: false };
  }

  // Where labels beside a line's end go, so that none covers another: as near to where they belong
  // as the gap lets them, within the height of the plot.
  function spread(places, gap, top, bottom) {
    const order = places.map((y, i) => ({ y, i })).sort((a, b) => a.y - b.y);
    const step = Math.min(gap, order.length > 1 ? (bottom - top) / (order.length - 1) : gap);
    let last = -Infinity;
    for (const each of order) {
      each.y = Math.max(each.y, top, last + step);
      last = each.y;
    }
    last = Infinity;
    for (const each of order.reverse()) {
      each.y = Math.min(each.y, bottom, last - step);
      last = each.y;
    }
    const result = [];
    order.forEach((each) => { result[each.i] = each.y; });
    return result;
  }

  function spreadEnds(chart, option) {
    const ends = option.series.filter((each) => each.endLabel && each.endLabel.show && each.data.length);
    if (!ends.length) {
      return;
    }
    const at = ends.map((each) => chart.convertToPixel({ seriesId: each.id }, each.data[each.data.length - 1])[1]);
    const free = spread(at, 15, option.grid.top, chart.getHeight() - option.grid.bottom);
    chart.setOption({ series: ends.map((each, i) => ({
      id: each.id, type: "line", endLabel: { offset: [0, free[i] - at[i]] },
    })) });
  }

  // Labels of points where there is room: above, beside or below; else the tip has it.
  function placeLabels(chart, option) {
    const points = option.series.filter((each) => each.type === "scatter").flatMap(
      (series) => series.data.map((item) => ({ series, item })));
    const taken = [];
    for (const each of points) {
      const [x, y] = chart.convertToPixel({ seriesId: each.series.id }, each.item.value);
      const r = each.item.symbolSize / 2;
      Object.assign(each, { x, y, r });
      taken.push([x - r, y - r, x + r, y + r]);
    }
    // The front's line: level from each of its points, then up to the next.
    const front = points.filter((each) => each.item.front).sort((a, b) => a.x - b.x);
    front.slice(1).forEach((to, i) => {
      taken.push([front[i].x, front[i].y - 1, to.x, front[i].y + 1], [to.x - 1, to.y, to.x + 1, front[i].y]);
    });
    points.sort((a, b) => Number(b.item.front) - Number(a.item.front) || a.y - b.y);
    const hits = (one) => taken.some((two) =>
      one[0] < two[2] && two[0] < one[2] && one[1] < two[3] && two[1] < one[3]);
    for (const each of points) {
      const width = 7 * each.item.label.formatter.length;
      const { x, y, r } = each;
      const places = {
        top: [x - width / 2, y - r - 20, x + width / 2, y - r - 3],
        "top left": [x - 4, y - r - 20, x - 4 + width, y - r - 3],
        "top right": [x + 4 - width, y - r - 20, x + 4, y - r - 3],
        right: [x + r + 3, y - 8, x + r + 5 + width, y + 8],
        left: [x - r - 5 - width, y - 8, x - r - 3, y + 8],
        bottom: [x - width / 2, y + r + 3, x + width / 2, y + r + 20],
      };
      const found = Object.keys(places).find((place) => places[place][0] > option.grid.left
        && places[place][2] < chart.getWidth() - 4 && places[place][1] > 0
        && places[place][3] < chart.getHeight() - option.grid.bottom && !hits(places[place]));
      each.item.label.show = Boolean(found);
      if (found) {
        [each.item.label.position, each.item.label.align] = found.split(" ");
        taken.push(places[found]);
      }
    }
    chart.setOption({ series: option.series.filter((each) => each.type === "scatter")
      .map((each) => ({ id: each.id, type: "scatter", data: each.data })) });
  }

  // The plots ----------------------------------------------------------------------------------

  function curves(plot, look, narrow) {
    const { x, logX, logY, show } = plot.state;
    const runs = plot.data.runs;
    lend(runs);
    const parts = [];
    runs.forEach((run, index) => {
      const both = run.train && run.valid && show === "both";
      if (run.train && show !== "valid") {
        parts.push({ run, index, points: run.train, thin: Boolean(both), label: "train" });
      }
      if (run.valid && show !== "train") {
        parts.push({ run, index, points: run.valid, thin: false, label: "valid" });
      }
    });
    let largest = 0;
    for (const part of parts) {
      for (const value of part.points[x]) {
        largest = Math.max(largest, value || 0);
      }
    }
    const unit = x === "seconds" ? timeUnit(largest) : { seconds: 1 };
    const title = { steps: "optimizer steps", tokens: "tokens read", seconds: "training time, " + unit.name }[x];
    const drawn = parts.map((part) => {
      const dressed = dress(look, part.index, part.run.name);
      const points = part.points.values.map((value, i) => {
        const along = part.points[x][i];
        return [along === null ? null : along / unit.seconds, value];
      }).filter((point) => point[0] !== null && (!logX || point[0] > 0));
      const marks = part.label === "valid" && dressed.coloured && points.length <= 40;
      return { part, dressed, points, series: {
        type: "line",
        id: part.label + part.index,
        name: dressed.name,
        data: points,
        z: dressed.z + (part.thin ? 0 : 20),
        color: dressed.colour,
        lineStyle: {
          color: dressed.colour,
          type: part.thin ? "solid" : dressed.dash,
          width: part.thin ? 1 : dressed.coloured ? 2.25 : 1,
          opacity: part.thin ? 0.4 : dressed.coloured ? 1 : 0.7,
        },
        symbol: dressed.mark,
        symbolSize: 7,
        showSymbol: marks,
        endLabel: part.thin ? { show: false } : atEnd(dressed, narrow),
        emphasis: { focus: "series", lineStyle: { width: 3 } },
        tooltip: { show: dressed.coloured },
      } };
    });
    const option = base(look, narrow, names(runs));
    const values = drawn.flatMap((each) => each.points.map((point) => point[1]));
    const along = drawn.flatMap((each) => each.points.map((point) => point[0]));
    option.grid.right = narrow ? 16 : 150;
    // The legend takes a run's look from its first line.
    option.series = drawn.map((each) => each.series).sort((one, other) => other.z - one.z);
    option.after = spreadEnds;
    option.xAxis = axis(look, title, Object.assign(
      { type: logX ? "log" : "value", nameGap: 28 }, logX ? bounds(along) : { min: 0 }));
    option.xAxis.axisLabel.formatter = short;
    option.xAxis.splitLine = { show: false };
    option.yAxis = axis(look, narrow ? "" : "loss, nats a token", Object.assign(
      { type: logY ? "log" : "value", scale: true, nameGap: 46, logBase: 2 }, logY ? bounds(values) : {}));
    const usual = parts.length ? Math.max(...drawn.map((each) => usualTop(each.points))) : 0;
    plot.cut = values.some((value) => value > 1.3 * usual);
    if (plot.cut && !plot.state.whole) {
      option.yAxis.max = Number((1.05 * usual).toPrecision(2));
    }
    option.yAxis.axisLabel.formatter = (value) => digits(value, 3);
    option.tooltip.trigger = "axis";
    option.tooltip.formatter = (found) => {
      const at = found[0].axisValue;
      const lines = drawn.filter((each) => each.dressed.coloured).map((each) => {
        const point = nearest(each.points, at);
        return point && [each.part.run.name + ", " + each.part.label, digits(point[1], 5)];
      }).filter(Boolean);
      return tip(title + " " + (x === "seconds" ? digits(at, 4) : short(at)), lines);
    };
    return option;
  }

  function positions(plot, look, narrow) {
    const runs = plot.data.runs;
    lend(runs);
    const option = base(look, narrow, names(runs));
    const longest = Math.max(...runs.map((run) => Math.max(...run.positions)));
    option.grid.right = narrow ? 16 : 150;
    option.xAxis = axis(look, "position in the block", {
      type: "category", nameGap: 28, boundaryGap: true,
      data: Array.from({ length: longest }, (_, i) => String(i + 1)),
    });
    option.yAxis = axis(look, narrow ? "" : "loss, nats a token", { type: "value", scale: true, nameGap: 46 });
    option.yAxis.axisLabel.formatter = (value) => digits(value, 3);
    option.after = spreadEnds;
    option.tooltip.trigger = "axis";
    option.tooltip.formatter = (found) => tip("position " + found[0].axisValue,
      found.filter((each) => each.seriesName !== OTHERS)
        .map((each) => [each.seriesName, digits(each.value[1], 5)]));
    option.series = runs.map((run, index) => {
      const dressed = dress(look, index, run.name);
      return {
        type: "line",
        id: "run" + index,
        name: dressed.name,
        data: run.positions.map((position, i) => [position - 1, run.values[i]]),
        z: dressed.z,
        color: dressed.colour,
        lineStyle: { color: dressed.colour, type: dressed.dash, width: dressed.coloured ? 2.25 : 1 },
        symbol: dressed.mark,
        symbolSize: 9,
        endLabel: atEnd(dressed, narrow),
        emphasis: { focus: "series" },
      };
    });
    return option;
  }

  function speeds(plot, look, narrow) {
    const points = plot.data.points;
    const models = [...new Set(points.map((point) => point.model))];
    const largest = Math.max(...points.map((point) => point.parameters), 1);
    const front = [];
    for (const point of [...points].sort((a, b) => a.loss - b.loss || b.speed - a.speed)) {
      if (!front.length || point.speed > front[front.length - 1].speed) {
        front.push(point);
      }
    }
    const option = base(look, narrow, models.concat(front.length > 1 ? ["Pareto front"] : []));
    option.legend.show = true;
    option.legend.itemWidth = 16;
    option.legend.data = option.legend.data.map((name) =>
      name === "Pareto front" ? { name, icon: DASHED_LINE } : { name });
    option.grid.bottom = 84;
    option.after = placeLabels;
    option.xAxis = axis(look, "validation loss, nats a token", {
      type: "value", scale: true, nameGap: 28, boundaryGap: ["12%", "18%"],
    });
    option.xAxis.axisLabel.formatter = (value) => digits(value, 4);
    option.xAxis.splitLine = { show: false };
    option.yAxis = axis(look, narrow ? "" : "new tokens a second", Object.assign(
      { nameGap: 50 },
      plot.state.logY
        ? Object.assign({ type: "log" }, bounds(points.map((point) => point.speed)))
        : { type: "value", min: 0, boundaryGap: [0, "12%"] }));
    option.yAxis.axisLabel.formatter = short;
    option.tooltip.trigger = "item";
    option.tooltip.formatter = (found) => found.data.point
      ? tip(found.data.point.name, [
          ["tokens/s", digits(found.data.point.speed, 4)],
          ["validation loss", digits(found.data.point.loss, 5)],
          ["parameters", short(found.data.point.parameters)],
          ["batch size", String(found.data.point.batch)],
        ])
      : tip("Pareto front", []);
    option.series = models.map((model, index) => ({
      type: "scatter",
      id: "model" + index,
      name: model,
      z: 10,
      color: look.colours[index % COLOURED],
      symbol: model === "vanilla" ? "circle" : model === "block" ? "diamond" : MARKS[index % MARKS.length],
      itemStyle: { borderColor: look.paper, borderWidth: 1 },
      data: points.filter((point) => point.model === model).map((point) => ({
        value: [point.loss, point.speed],
        point,
        front: front.includes(point),
        symbolSize: 11 + 13 * Math.sqrt(point.parameters / largest),
        label: {
          show: false, color: look.ink,
          formatter: abridged(point.name, narrow ? 14 : 24),
        },
      })),
      emphasis: { scale: 1.2 },
    }));
    if (front.length > 1) {
      option.series.push({
        type: "line",
        name: "Pareto front",
        step: "end",
        z: 5,
        color: look.soft,
        symbol: "none",
        lineStyle: { color: look.soft, type: [6, 4], width: 1.5 },
        data: front.map((point) => ({ value: [point.loss, point.speed] })),
      });
    }
    return option;
  }

  function goodput(plot, look, narrow) {
    const runs = plot.data.runs;
    const kinds = Object.keys(DECALS);
    const sums = runs.map((run) => run.seconds.reduce((sum, each) => sum + each, 0));
    const shares = plot.state.scale === "share";
    const unit = timeUnit(Math.max(...sums));
    const option = base(look, narrow, kinds);
    option.aria = { enabled: true, label: { enabled: false }, decal: { show: true } };
    option.grid.left = narrow ? 96 : 170;
    option.xAxis = axis(look, shares ? "share of the wall time, %" : "wall time, " + unit.name, Object.assign(
      { type: "value", nameGap: 28, min: 0 }, shares ? { max: 100 } : {}));
    option.yAxis = axis(look, "", { type: "category", inverse: true, data: runs.map((run) => run.name) });
    option.yAxis.axisLabel = {
      color: look.ink, width: narrow ? 84 : 156, overflow: "truncate", interval: 0,
    };
    option.tooltip.trigger = "axis";
    option.tooltip.axisPointer = { type: "shadow" };
    option.tooltip.formatter = (found) => {
      const at = found[0].dataIndex;
      return tip(runs[at].name, kinds.map((kind, i) => [kind,
        digits(runs[at].seconds[i] / unit.seconds, 3) + " " + unit.name + ", "
          + digits(sums[at] ? 100 * runs[at].seconds[i] / sums[at] : 0, 3) + " %"]));
    };
    option.series = kinds.map((kind, i) => ({
      type: "bar",
      name: kind,
      stack: "time",
      barMaxWidth: 26,
      itemStyle: Object.assign(
        { color: look.spent[kind], decal: DECALS[kind] === "none" ? { symbol: "none" }
          : Object.assign({ color: "rgba(255, 255, 255, .45)" }, DECALS[kind]) },
        { borderColor: look.paper, borderWidth: 1 }),
      data: runs.map((run, at) => shares
        ? (sums[at] ? 100 * run.seconds[i] / sums[at] : 0)
        : run.seconds[i] / unit.seconds),
    }));
    return option;
  }

  const DRAW = { curves, positions, speeds, goodput };

  // Showing them -------------------------------------------------------------------------------

  function draw(plot) {
    const box = document.getElementById(plot.id);
    const old = echarts.getInstanceByDom(box);
    if (old) {
      old.dispose();
    }
    if (plot.kind === "goodput") {
      box.style.height = 110 + 34 * plot.data.runs.length + "px";
    }
    const pair = box.closest(".plots").children.length > 1;
    const width = printing ? PRINT_WIDTH / (pair ? 2 : 1) : box.clientWidth;
    plot.width = box.clientWidth;
    const chart = echarts.init(box, null, { renderer: "svg", width });
    const option = DRAW[plot.kind](plot, isDark() ? DARK : LIGHT, width < NARROW);
    const after = option.after;
    delete option.after;
    chart.setOption(option);
    if (after) {
      after(chart, option);
    }
    const whole = document.getElementById(plot.id + "-whole");
    if (whole) {
      whole.hidden = !plot.cut;
    }
  }

  function choice(plot, label, key, options) {
    const select = element("select");
    for (const [value, text] of options) {
      const option = element("option", text);
      option.value = value;
      select.append(option);
    }
    select.value = plot.state[key];
    select.addEventListener("change", () => {
      plot.state[key] = select.value;
      draw(plot);
    });
    return labelled(label, select, false);
  }

  function check(plot, label, key) {
    const box = element("input");
    box.type = "checkbox";
    box.checked = plot.state[key];
    box.addEventListener("change", () => {
      plot.state[key] = box.checked;
      draw(plot);
    });
    return labelled(label, box, true);
  }

  function labelled(text, control, after) {
    const label = element("label");
    label.append(...(after ? [control, text] : [text, control]));
    return label;
  }

  function controls(plot) {
    const box = document.getElementById(plot.id + "-controls");
    if (plot.kind === "curves") {
      const runs = plot.data.runs;
      const timed = runs.some((run) => (run.train || run.valid).seconds.some((each) => each !== null));
      const losses = runs.flatMap((run) => [run.train, run.valid]).filter(Boolean)
        .flatMap((points) => points.values).filter((value) => value > 0);
      const wide = losses.reduce((one, other) => Math.max(one, other), 0)
        > 4 * losses.reduce((one, other) => Math.min(one, other), Infinity);
      plot.state = { x: "steps", logX: false, logY: wide, whole: false, show: "both" };
      box.append(
        choice(plot, "Over", "x", [["steps", "steps"], ["tokens", "tokens"]]
          .concat(timed ? [["seconds", "training time"]] : [])),
        choice(plot, "Show", "show", [["both", "training and validation"], ["train", "training"], ["valid", "validation"]]),
        check(plot, "log loss", "logY"),
        check(plot, "log x", "logX"),
        check(plot, "spikes in full", "whole"));
      box.lastChild.id = plot.id + "-whole";
    } else if (plot.kind === "speeds") {
      plot.state = { logY: false };
      box.append(check(plot, "log tokens/s", "logY"));
    } else if (plot.kind === "goodput") {
      plot.state = { scale: "share" };
      box.append(choice(plot, "In", "scale", [["share", "shares"], ["time", "time"]]));
    } else {
      plot.state = {};
    }
  }

  function redraw() {
    plots.forEach(draw);
  }

  // Theme, printing, copying -------------------------------------------------------------------

  const THEMES = ["auto", "light", "dark"];
  const button = document.getElementById("theme");

  function remembered() {
    try {
      return localStorage.getItem("pawl-theme") || "auto";
    } catch (e) {
      return "auto"; // Some browsers keep nothing for a page that is a file.
    }
  }

  function theme(name) {
    if (name === "auto") {
      delete page.dataset.theme;
    } else {
      page.dataset.theme = name;
    }
    button.textContent = "Theme: " + name;
    button.dataset.now = name;
    try {
      localStorage.setItem("pawl-theme", name);
    } catch (e) {
      return; // It holds until the page is closed.
    }
  }

  button.hidden = false;
  theme(THEMES.includes(remembered()) ? remembered() : "auto");
  button.addEventListener("click", () => {
    theme(THEMES[(THEMES.indexOf(button.dataset.now) + 1) % THEMES.length]);
    redraw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

  let opened = [];
  addEventListener("beforeprint", () => {
    printing = true;
    opened = [...document.querySelectorAll("details:not([open]):not(.bulky)")];
    opened.forEach((each) => { each.open = true; });
    redraw();
  });
  addEventListener("afterprint", () => {
    printing = false;
    opened.forEach((each) => { each.open = false; });
    redraw();
  });

  for (const command of document.querySelectorAll("pre.command")) {
    const copy = element("button", "Copy");
    copy.type = "button";
    copy.addEventListener("click", async () => {
      const text = command.querySelector("code");
      try {
        await navigator.clipboard.writeText(text.textContent);
        copy.textContent = "Copied";
      } catch (e) {
        getSelection().selectAllChildren(text); // Ctrl-C does the rest.
      }
    });
    command.append(copy);
  }

  plots.forEach(controls);
  redraw();
  let waiting = 0;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => plots.filter(
      (plot) => document.getElementById(plot.id).clientWidth !== plot.width).forEach(draw), 100);
  });
  page.dataset.drawn = String(plots.length);
})();
