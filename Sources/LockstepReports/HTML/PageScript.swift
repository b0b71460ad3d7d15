/// What a report's page does: reads a chart's values out where the pointer or the arrow keys are. Everything
/// else works without it.
enum PageScript {
  static let javascript = #"""
    "use strict";
    (() => {
      const SVG = "http://www.w3.org/2000/svg";
      const superscripts = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

      // A number with up to six significant digits, as on the axes.
      const format = (value) => {
        const size = Math.abs(value);
        if (value === 0 || (size >= 1e-5 && size < 1e9))
          return value.toLocaleString("en-US", { maximumSignificantDigits: 6 }).replace("-", "−");
        const [mantissa, exponent] = value.toExponential(4).split("e");
        const raised = [...String(Number(exponent))].map((digit) => superscripts[digit]).join("");
        return Number(mantissa).toString().replace("-", "−") + "×10" + raised;
      };

      // The index of the point whose x is nearest, by halving.
      const nearest = (points, x) => {
        let low = 0, high = points.length - 1;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (points[middle][0] < x) low = middle + 1; else high = middle;
        }
        return low > 0 && x - points[low - 1][0] <= points[low][0] - x ? low - 1 : low;
      };

      const node = (name, text, ...classes) => {
        const element = document.createElement(name);
        element.textContent = text;
        element.classList.add(...classes);
        return element;
      };

      class Reader {
        constructor(figure) {
          this.canvas = figure.querySelector(".canvas");
          this.tip = figure.querySelector(".tip");
          this.spoken = figure.querySelector(".spoken");
          this.data = JSON.parse(figure.querySelector(".data").textContent);
          this.data.series = this.data.series.filter((series) => series.points.length);
          for (const series of this.data.series) series.points.sort((a, b) => a[0] - b[0]);
          this.stops = [...new Set(this.data.series.flatMap((series) => series.points.map((point) => point[0])))]
            .sort((a, b) => a - b);
          this.place = -1;
          this.canvas.addEventListener("pointermove", (event) => this.point(event));
          this.canvas.addEventListener("pointerdown", (event) => this.point(event));
          this.canvas.addEventListener("pointerleave", () => this.hide());
          this.canvas.addEventListener("blur", () => this.hide());
          this.canvas.addEventListener("keydown", (event) => this.press(event));
          figure.dataset.ready = "true";
        }

        // The drawing that is on the screen, and where its numbers lie.
        get drawing() {
          const svg = [...this.canvas.querySelectorAll("svg")].find((svg) => svg.getClientRects().length);
          if (!svg) return null;
          const [left, top, width, height, xLow, xHigh, xLog, yLow, yHigh, yLog, turned] =
            svg.dataset.frame.split(",").map(Number);
          const part = (value, low, high, log) => ((log ? Math.log10(value) : value) - low) / (high - low);
          const x = (value) => left + part(value, xLow, xHigh, xLog) * width;
          const y = (value) => top + height - part(value, yLow, yHigh, yLog) * height;
          const row = (value) => top + part(value, yLow, yHigh, 0) * height;
          const at = (point) => turned ? [x(point[1]), row(point[0])] : [x(point[0]), y(point[1])];
          const inverse = (px, py) => {
            if (turned) return yLow + ((py - top) / height) * (yHigh - yLow);
            const value = xLow + ((px - left) / width) * (xHigh - xLow);
            return xLog ? 10 ** value : value;
          };
          const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
          return { svg, left, top, width, height, turned, at, inverse, scale };
        }

        point(event) {
          const drawing = this.drawing;
          if (!drawing || !this.stops.length) return;
          const box = drawing.svg.getBoundingClientRect();
          const value = drawing.inverse((event.clientX - box.left) / drawing.scale, (event.clientY - box.top) / drawing.scale);
          this.place = nearest(this.stops.map((stop) => [stop]), value);
          this.show(drawing);
        }

        press(event) {
          const last = this.stops.length - 1;
          const page = Math.max(1, Math.round(last / 10));
          const from = this.place;
          const targets = {
            ArrowRight: from + 1, ArrowDown: from + 1, ArrowLeft: from < 0 ? last : from - 1, ArrowUp: from < 0 ? last : from - 1,
            PageDown: from + page, PageUp: from - page, Home: 0, End: last,
          };
          if (event.key === "Escape") return this.hide();
          if (!(event.key in targets) || last < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
          event.preventDefault();
          this.place = Math.min(last, Math.max(0, targets[event.key]));
          const lines = this.show(this.drawing);
          this.spoken.textContent = lines.join("; ");
        }

        // Draws the cursor and the values at it; gives them as lines.
        show(drawing) {
          const x = this.stops[this.place];
          const label = this.data.categories[x] ?? `${this.data.x} ${format(x)}`.trim();
          const rows = this.data.series.flatMap((series) => {
            const point = series.points[nearest(series.points, x)];
            const first = series.points[0][0], end = series.points[series.points.length - 1][0];
            return x < first || x > end ? [] : [{ series, point }];
          }).sort((a, b) => a.series.faint - b.series.faint);
          const shown = rows.slice(0, 12);
          const text = ({ point }) => point[2] && this.data.categories.length
            ? `${format(point[1])} (${point[2]})` : point[2] ?? format(point[1]);
          const cursor = drawing.svg.querySelector(".cursor");
          cursor.replaceChildren();
          const [px, py] = drawing.at([x, NaN]);
          const add = (name, attributes) => {
            const element = document.createElementNS(SVG, name);
            for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
            cursor.append(element);
          };
          const { left, top, width, height } = drawing;
          const slots = this.data.categories.length;
          if (slots) {
            const frame = drawing.turned
              ? { x: left, y: py - height / slots / 2, width, height: height / slots }
              : { x: px - width / slots / 2, y: top, width: width / slots, height };
            add("rect", { ...frame, class: "ink-muted", fill: "currentColor", "fill-opacity": 0.12 });
          } else {
            add("path", { d: `M${px} ${top}v${height}`, class: "ink-muted", stroke: "currentColor" });
          }
          for (const { series, point } of rows) {
            const [cx, cy] = drawing.at(point);
            if (slots || series.faint || !Number.isFinite(cx) || !Number.isFinite(cy)) continue;
            add("circle", { cx, cy, r: 4.5, class: `ink-${series.ink}`, fill: "currentColor" });
          }
          this.tip.replaceChildren(node("b", label), ...shown.map((row) => {
            const item = node("i", "", `ink-${row.series.ink}`);
            item.append(node("span", row.series.name), node("em", text(row)));
            return item;
          }));
          if (rows.length > shown.length) this.tip.append(node("div", `and ${rows.length - shown.length} more`));
          this.tip.hidden = false;
          const anchor = (drawing.turned ? drawing.left + drawing.width / 2 : px) * drawing.scale;
          const isRight = anchor > this.canvas.clientWidth / 2;
          const besides = isRight ? anchor - this.tip.offsetWidth - 14 : anchor + 14;
          const below = drawing.turned ? py * drawing.scale + 14 : top * drawing.scale + 8;
          this.tip.style.left = `${Math.max(0, Math.min(besides, this.canvas.clientWidth - this.tip.offsetWidth))}px`;
          this.tip.style.top = `${below}px`;
          return [label, ...shown.map((row) => `${row.series.name} ${text(row)}`)];
        }

        hide() {
          this.tip.hidden = true;
          this.canvas.querySelectorAll(".cursor").forEach((cursor) => cursor.replaceChildren());
        }
      }

      document.querySelectorAll("figure.chart").forEach((figure) => new Reader(figure));
      document.documentElement.dataset.script = "ran";
    })();
    """#
}
