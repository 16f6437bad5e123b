package dev.rookery.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The picture of {@link ClusterGrowth} in the documentation: by which factor each count grows, both
 * axes logarithmic, so that what grows with the nodes is parallel to the diagonal.
 */
final class GrowthPicture {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 400;
  private static final int LEFT = 60;
  private static final int TOP = 20;
  private static final int PLOT_WIDTH = 360;
  private static final int PLOT_HEIGHT = 330;
  private static final double FACTOR_MIN = 0.7;
  private static final double FACTOR_MAX = 130;
  private static final int LEGEND = LEFT + PLOT_WIDTH + 20;
  private static final int LEGEND_STEP = 28;

  // Distinct also for readers who do not see all colours; each line has a pattern of its own too.
  private static final String[] COLOURS = {
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000", "#7f3c8d"
  };

  private static final List<ClusterGrowth.Row> ROWS =
      List.of(
          ClusterGrowth.Row.ROWS,
          ClusterGrowth.Row.STATEMENTS,
          ClusterGrowth.Row.MESSAGES,
          ClusterGrowth.Row.TAKEOVERS,
          ClusterGrowth.Row.DEATHS,
          ClusterGrowth.Row.CONNECTS,
          ClusterGrowth.Row.JOINS,
          ClusterGrowth.Row.LEASES);

  private final List<ClusterGrowth.Counts> all;
  private final StringBuilder text = new StringBuilder();

  private GrowthPicture(List<ClusterGrowth.Counts> all) {
    this.all = all;
  }

  /**
   * Writes the picture, and prints the table that stands beside it.
   *
   * @param arguments the file
   */
  public static void main(String... arguments) throws IOException {
    Locale.setDefault(Locale.ROOT);
    List<ClusterGrowth.Counts> all = ClusterGrowth.all();
    Files.writeString(Path.of(arguments[0]), of(all));
    System.out.print(ClusterGrowth.table(all));
  }

  static String of(List<ClusterGrowth.Counts> all) {
    return new GrowthPicture(all).draw();
  }

  private String draw() {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
            + " height=\"%d\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\">",
        WIDTH, HEIGHT, WIDTH, HEIGHT);
    add("<title>How counts grow from %d to %d nodes</title>", nodes(0), nodes(all.size() - 1));
    add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, HEIGHT);
    drawAxes();
    drawDiagonal();
    drawLines();
    add("</svg>");
    return text.toString();
  }

  private int nodes(int index) {
    return all.get(index).nodes();
  }

  private void drawAxes() {
    for (ClusterGrowth.Counts counts : all) {
      double x = x(counts.nodes());
      add(
          "<path d=\"M%.1f %dV%d\" stroke=\"#dddddd\"/>"
              + "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
          x, TOP, TOP + PLOT_HEIGHT, x, TOP + PLOT_HEIGHT + 18, counts.nodes());
    }
    for (int factor : new int[] {1, 2, 5, 10, 20, 50, 100}) {
      double y = y(factor);
      add(
          "<path d=\"M%d %.1fH%d\" stroke=\"#dddddd\"/>"
              + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d</text>",
          LEFT, y, LEFT + PLOT_WIDTH, LEFT - 6, y + 4, factor);
    }
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">nodes</text>",
        LEFT + PLOT_WIDTH / 2, TOP + PLOT_HEIGHT + 38);
    add(
        "<text x=\"16\" y=\"%d\" text-anchor=\"middle\" transform=\"rotate(-90 16 %d)\">times the"
            + " count of %d nodes</text>",
        TOP + PLOT_HEIGHT / 2, TOP + PLOT_HEIGHT / 2, nodes(0));
  }

  private void drawDiagonal() {
    int first = nodes(0);
    int last = nodes(all.size() - 1);
    add(
        "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#999999\" stroke-width=\"6\""
            + " stroke-opacity=\"0.4\"/>",
        x(first), y(1), x(last), y((double) last / first));
  }

  private void drawLines() {
    List<ClusterGrowth.Row> sorted =
        ROWS.stream().sorted(Comparator.comparingDouble(this::growth).reversed()).toList();
    for (int i = 0; i < sorted.size(); i++) {
      ClusterGrowth.Row row = sorted.get(i);
      String stroke =
          format(
              "stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%d %d\"",
              COLOURS[i % COLOURS.length], 4 + 3 * i, i % 4);
      var path = new StringBuilder();
      for (ClusterGrowth.Counts counts : all) {
        path.append(path.isEmpty() ? 'M' : 'L')
            .append(format("%.1f %.1f", x(counts.nodes()), y(factor(row, counts))));
      }
      add("<path d=\"%s\" fill=\"none\" %s/>", path, stroke);
      int y = TOP + 14 + i * LEGEND_STEP;
      add("<path d=\"M%d %dh24\" %s/>", LEGEND, y - 4, stroke);
      add("<text x=\"%d\" y=\"%d\">%s: %.1f</text>", LEGEND + 30, y, label(row), growth(row));
    }
    int y = TOP + 14 + sorted.size() * LEGEND_STEP;
    add(
        "<path d=\"M%d %dh24\" stroke=\"#999999\" stroke-width=\"6\" stroke-opacity=\"0.4\"/>",
        LEGEND, y - 4);
    add("<text x=\"%d\" y=\"%d\">as the nodes</text>", LEGEND + 30, y);
  }

  private static String label(ClusterGrowth.Row row) {
    return switch (row) {
      case ROWS -> "rows of nodes that are read";
      case STATEMENTS -> "statements a second";
      case MESSAGES -> "events that a node receives";
      case TAKEOVERS -> "statements of the takeover";
      case DEATHS -> "statements that declare nodes dead";
      case CONNECTS -> "connections of clients";
      case JOINS -> "joins of a node";
      case LEASES -> "leases of a node";
      case SUBSCRIPTIONS, SERVED, BACK -> throw new IllegalArgumentException(row.name());
    };
  }

  private double growth(ClusterGrowth.Row row) {
    return factor(row, all.getLast());
  }

  private double factor(ClusterGrowth.Row row, ClusterGrowth.Counts counts) {
    return row.of(counts) / row.of(all.getFirst());
  }

  private double x(double nodes) {
    double share = Math.log(nodes / nodes(0)) / Math.log((double) nodes(all.size() - 1) / nodes(0));
    return LEFT + 10 + share * (PLOT_WIDTH - 20);
  }

  private static double y(double factor) {
    double share = Math.log(factor / FACTOR_MIN) / Math.log(FACTOR_MAX / FACTOR_MIN);
    return TOP + (1 - share) * PLOT_HEIGHT;
  }

  private void add(String format, Object... values) {
    text.append(format(format, values)).append('\n');
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
