package org.nngjava.benchmarks.binding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A line chart in SVG. The counts lie on a logarithmic axis, the values on a linear one that begins at zero. */
final class Chart {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 320;
    private static final int LEFT = 60;
    private static final int RIGHT = 90;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final int TICKS = 4;
    private static final String[] COLOURS = {"#1f77b4", "#d62728", "#2ca02c"};

    private final String title;
    private final String axis;
    private final int[] counts;
    private final StringBuilder lines = new StringBuilder();
    private final List<double[]> values = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    Chart(String title, String axis, int[] counts) {
        this.title = title;
        this.axis = axis;
        this.counts = counts.clone();
    }

    /** Adds a line, which has a value for each count. */
    void line(String name, double[] line) {
        names.add(name);
        values.add(line.clone());
    }

    String svg() {
        double top =
                ceiling(values.stream().flatMapToDouble(Arrays::stream).max().orElse(1));
        text(LEFT, TOP - 18, "start", title);
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", axis);
        for (int i = 0; i <= TICKS; i++) {
            double value = top * i / TICKS;
            appendFormat(
                    "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#8884'/>",
                    LEFT, WIDTH - RIGHT, y(value, top), y(value, top));
            text(LEFT - 8, y(value, top) + 4, "end", tick(value));
        }
        for (int i = 0; i < counts.length; i++) {
            text(x(i), HEIGHT - BOTTOM + 18, "middle", "%,d".formatted(counts[i]));
        }
        for (int line = 0; line < values.size(); line++) {
            StringBuilder points = new StringBuilder();
            double[] each = values.get(line);
            for (int i = 0; i < each.length; i++) {
                points.append("%.1f,%.1f ".formatted(x(i), y(each[i], top)));
            }
            appendFormat(
                    "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>",
                    points.toString().strip(), COLOURS[line]);
            appendFormat(
                    "<text x='%d' y='%.1f' fill='%s'>%s</text>",
                    WIDTH - RIGHT + 8, y(each[each.length - 1], top) + 4, COLOURS[line], names.get(line));
        }
        return """
                <svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='13' fill='#777'>
                %s</svg>
                """.formatted(WIDTH, HEIGHT, lines);
    }

    private double x(int i) {
        double last = Math.log(counts[counts.length - 1]) - Math.log(counts[0]);
        return LEFT + (WIDTH - LEFT - RIGHT) * (Math.log(counts[i]) - Math.log(counts[0])) / last;
    }

    private static double y(double value, double top) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top;
    }

    /** The next round number above. */
    private static double ceiling(double value) {
        double magnitude = Math.pow(10, Math.floor(Math.log10(value)));
        for (double round : new double[] {1, 2, 4, 6, 8, 10}) {
            if (value <= round * magnitude) {
                return round * magnitude;
            }
        }
        return value;
    }

    private static String tick(double value) {
        return value == Math.rint(value) ? Long.toString(Math.round(value)) : Double.toString(value);
    }

    private void text(double x, double y, String anchor, String text) {
        appendFormat("<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>", x, y, anchor, text);
    }

    private void appendFormat(String format, Object... values) {
        lines.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
