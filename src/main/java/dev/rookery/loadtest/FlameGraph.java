package dev.rookery.loadtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * Draws a recording of the JDK Flight Recorder as a flame graph: who calls whom from the bottom up,
 * each as wide as its part of the processor time. Calls within one library are one box, so that the
 * picture shows the product's own methods and what they spend in libraries. Boxes narrower than
 * {@value #NARROWEST} of the whole are left out.
 */
public final class FlameGraph {
  private static final double NARROWEST = 0.002;
  private static final int DEPTH_MAX = 60;
  private static final int WIDTH = 1_200;
  private static final int MARGIN = 10;
  private static final int HEIGHT_OF_BOX = 16;
  private static final int HEIGHT_OF_TITLE = 30;
  private static final double WIDTH_OF_CHARACTER = 6.2;
  private static final String OWN = "dev.rookery.";

  /** Packages of libraries by their beginning, with the names that boxes show. */
  private static final List<Map.Entry<String, String>> LIBRARIES =
      List.of(
          Map.entry("io.netty.", "Netty"),
          Map.entry("io.vertx.", "Vert.x"),
          Map.entry("org.sqlite.", "SQLite"),
          Map.entry("com.fasterxml.", "Jackson"),
          Map.entry("com.hazelcast.", "Hazelcast"),
          Map.entry("io.micrometer.", "Micrometer"),
          Map.entry("com.oracle.truffle.", "JavaScript"),
          Map.entry("org.graalvm.", "JavaScript"),
          Map.entry("java.", "JDK"),
          Map.entry("jdk.", "JDK"),
          Map.entry("sun.", "JDK"),
          Map.entry("com.sun.", "JDK"));

  private static final Map<String, String> COLORS =
      Map.of(
          "Netty", "#8fbcd4",
          "Vert.x", "#b4a7d6",
          "SQLite", "#93c47d",
          "Jackson", "#d5a6bd",
          "JDK", "#cccccc",
          "JavaScript", "#ffe599");

  private static final String COLOR_OF_OWN = "#f6b26b";
  private static final String COLOR_OF_OTHERS = "#dddddd";

  private FlameGraph() {}

  /**
   * Arguments: the recording, the picture to write, and its title. Exits with status 2 for others,
   * and 1 if the recording cannot be read or has no samples.
   */
  public static void main(String... arguments) {
    if (arguments.length != 3) {
      System.err.println("usage: scripts/flamegraph RECORDING.jfr PICTURE.svg TITLE");
      System.exit(2);
      return;
    }
    try {
      Box whole = read(Path.of(arguments[0]));
      if (whole.samples == 0) {
        throw new IOException("the recording has no samples of methods");
      }
      Files.writeString(Path.of(arguments[1]), draw(whole, arguments[2]));
    } catch (IOException failure) {
      System.err.println("failed: " + failure.getMessage());
      System.exit(1);
    }
  }

  /** What the samples have in common from the bottom of their stacks up to a method. */
  static final class Box {
    private final String name;
    private final Map<String, Box> above = new TreeMap<>();
    private long samples;

    Box(String name) {
      this.name = name;
    }

    /**
     * Adds a sample.
     *
     * @param stack from the bottom to the top
     */
    void add(List<String> stack) {
      samples++;
      Box box = this;
      for (String name : stack) {
        box = box.above.computeIfAbsent(name, Box::new);
        box.samples++;
      }
    }

    long samples() {
      return samples;
    }

    private int depth(long narrowest) {
      return 1
          + above.values().stream()
              .filter(box -> box.samples >= narrowest)
              .mapToInt(box -> box.depth(narrowest))
              .max()
              .orElse(0);
    }
  }

  /** Reads the samples of processor time of a recording, or those of running methods. */
  static Box read(Path recording) throws IOException {
    var byTime = new Box("all");
    var byMethod = new Box("all");
    try (var file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        Box whole =
            switch (event.getEventType().getName()) {
              case "jdk.CPUTimeSample" -> byTime;
              case "jdk.ExecutionSample" -> byMethod;
              default -> null;
            };
        RecordedStackTrace stack = event.getStackTrace();
        if (whole != null && stack != null) {
          whole.add(names(stack));
        }
      }
    }
    return byTime.samples > 0 ? byTime : byMethod;
  }

  private static List<String> names(RecordedStackTrace stack) {
    List<RecordedFrame> frames = stack.getFrames();
    var names = new ArrayList<String>(frames.size());
    for (RecordedFrame frame : frames.reversed()) {
      RecordedMethod method = frame.getMethod();
      if (method != null) {
        add(names, name(method.getType().getName(), method.getName()));
      }
    }
    return names;
  }

  /** Adds a name to a stack, unless it is that of the library below. */
  private static void add(List<String> names, String name) {
    boolean same = !names.isEmpty() && names.getLast().equals(name);
    if (!same && names.size() < DEPTH_MAX) {
      names.add(name);
    }
  }

  /** The class and method of the product, or the name of the library. */
  static String name(String type, String method) {
    if (type.startsWith(OWN)) {
      String known = type.replaceAll("\\$\\$.*", "");
      return known.substring(known.lastIndexOf('.') + 1).replace('$', '.')
          + "."
          + method.replaceAll("lambda\\$(\\w+)\\$\\d+", "$1");
    }
    for (var library : LIBRARIES) {
      if (type.startsWith(library.getKey())) {
        return library.getValue();
      }
    }
    int end = type.indexOf('.', type.indexOf('.') + 1);
    return end < 0 ? type : type.substring(0, end);
  }

  /** The picture as SVG. */
  static String draw(Box whole, String title) {
    long narrowest = (long) Math.ceil(whole.samples * NARROWEST);
    int height = HEIGHT_OF_TITLE + whole.depth(narrowest) * HEIGHT_OF_BOX + MARGIN;
    var svg = new StringBuilder();
    append(
        svg,
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" \
        font-family="monospace" font-size="10" role="img">
        <title>%3$s</title>
        <rect width="%1$d" height="%2$d" fill="#ffffff"/>
        <text x="%4$d" y="20" font-size="14">%3$s</text>
        """,
        WIDTH,
        height,
        escaped(title),
        MARGIN);
    double perSample = (WIDTH - 2.0 * MARGIN) / whole.samples;
    draw(svg, whole, MARGIN, height - MARGIN - HEIGHT_OF_BOX, perSample, whole);
    return svg.append("</svg>\n").toString();
  }

  private static void draw(
      StringBuilder svg, Box box, double x, int y, double perSample, Box whole) {
    double width = box.samples * perSample;
    append(
        svg,
        "<g><title>%s, %.1f %%</title><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\""
            + " fill=\"%s\" stroke=\"#ffffff\" stroke-width=\"0.5\"/>",
        escaped(box.name),
        100.0 * box.samples / whole.samples,
        x,
        y,
        width,
        HEIGHT_OF_BOX,
        color(box, whole));
    String label = label(box.name, width);
    if (!label.isEmpty()) {
      append(svg, "<text x=\"%.1f\" y=\"%d\">%s</text>", x + 2, y + 12, escaped(label));
    }
    svg.append("</g>\n");
    double next = x;
    List<Box> above =
        box.above.values().stream()
            .filter(one -> one.samples >= whole.samples * NARROWEST)
            .sorted(Comparator.comparingLong(Box::samples).reversed())
            .toList();
    for (Box one : above) {
      draw(svg, one, next, y - HEIGHT_OF_BOX, perSample, whole);
      next += one.samples * perSample;
    }
  }

  private static String color(Box box, Box whole) {
    boolean own = box.name.contains(".") && Character.isUpperCase(box.name.charAt(0));
    String known = COLORS.get(box.name);
    if (known != null) {
      return known;
    }
    return own && box != whole ? COLOR_OF_OWN : COLOR_OF_OTHERS;
  }

  /** As much of the name as fits; empty if that is next to nothing. */
  private static String label(String name, double width) {
    int characters = (int) (width / WIDTH_OF_CHARACTER) - 1;
    if (characters >= name.length()) {
      return name;
    }
    return characters < 3 ? "" : name.substring(0, characters - 1) + "…";
  }

  private static void append(StringBuilder svg, String format, @Nullable Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
