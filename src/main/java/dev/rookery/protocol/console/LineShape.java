package dev.rookery.protocol.console;

import java.util.Locale;

/** The lines of charts as SVG paths. */
final class LineShape {
  private LineShape() {}

  /** A line with a break at each gap; a point between two gaps is a short stroke. */
  static String path(float[] values, double top, int width, int height) {
    var path = new StringBuilder();
    boolean open = false;
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        open = false;
        continue;
      }
      String x = coordinate(x(i, values.length, width));
      String y = coordinate(y(values[i], top, height));
      path.append(open ? 'L' : 'M').append(x).append(' ').append(y);
      if (!open && (i + 1 == values.length || Float.isNaN(values[i + 1]))) {
        path.append("h1");
      }
      open = true;
    }
    return path.toString();
  }

  /** What is below a line, apart from its gaps. */
  static String area(float[] values, double top) {
    var path = new StringBuilder();
    int from = -1;
    for (int i = 0; i <= values.length; i++) {
      boolean there = i < values.length && !Float.isNaN(values[i]);
      if (there) {
        String x = coordinate(x(i, values.length, Chart.WIDTH));
        if (from < 0) {
          from = i;
          path.append('M').append(x).append(' ').append(Chart.HEIGHT);
        }
        path.append('L').append(x).append(' ');
        path.append(coordinate(y(values[i], top, Chart.HEIGHT)));
      } else if (from >= 0) {
        path.append('V').append(Chart.HEIGHT).append('Z');
        from = -1;
      }
    }
    return path.toString();
  }

  /** Where a value is. */
  static double x(int index, int size, int width) {
    return size <= 1 ? 0 : (double) index * width / (size - 1);
  }

  private static double y(float value, double top, int height) {
    return height - Math.clamp(value / top, 0, 1) * height;
  }

  /** A coordinate as short as it can be. */
  static String coordinate(double value) {
    double rounded = Math.round(value * 10) / 10.0;
    return rounded == Math.rint(rounded)
        ? Long.toString((long) rounded)
        : String.format(Locale.ROOT, "%.1f", rounded);
  }
}
