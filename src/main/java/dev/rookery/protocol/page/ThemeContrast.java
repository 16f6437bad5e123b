package dev.rookery.protocol.page;

import dev.rookery.console.ThemeState.Contrast;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures the contrast of the colours of a theme (WCAG 2.2, 1.4.3), in light and in dark pages. It
 * knows colours that are written as {@code #rgb} and {@code #rrggbb}, and measures no others.
 */
final class ThemeContrast {
  private static final double RATIO_MIN = 4.5;
  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern DARK =
      Pattern.compile(
          "@media[^{]*prefers-color-scheme:\\s*dark[^{]*\\{((?:[^{}]*+\\{[^{}]*+})*+[^{}]*+)}");
  private static final Pattern VARIABLE =
      Pattern.compile("--([\\w-]+)\\s*:\\s*(#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3})\\s*(?=[;}])");
  private static final List<Pair> PAIRS =
      List.of(
          new Pair("ink", "paper"),
          new Pair("ink", "sheet"),
          new Pair("soft", "paper"),
          new Pair("soft", "sheet"),
          new Pair("accent", "paper"),
          new Pair("accent", "sheet"),
          new Pair("on-accent", "accent"),
          new Pair("good", "sheet"),
          new Pair("bad", "sheet"));

  private final Map<String, String> light = new HashMap<>();
  private final Map<String, String> dark = new HashMap<>();

  private record Pair(String text, String background) {}

  private ThemeContrast() {}

  /**
   * Measures the pairs of colours that belong together.
   *
   * @param standard the style sheet of the server
   * @param sheet the name of the one of the theme, which comes after it
   */
  static List<Contrast> measure(String standard, String sheet, String css) {
    var contrast = new ThemeContrast();
    contrast.addSheet(standard);
    contrast.addSheet(css);
    var measured = new ArrayList<Contrast>();
    measure(sheet, false, contrast.light, measured);
    measure(sheet, true, contrast.dark, measured);
    return measured;
  }

  /** Says in a sentence what is wrong with a contrast that is not enough. */
  static String warning(Contrast contrast) {
    return String.format(
        Locale.ROOT,
        "--%s on --%s has a contrast of %.1f to 1 in %s pages; %.1f to 1 is needed",
        contrast.text(),
        contrast.background(),
        contrast.ratio(),
        contrast.dark() ? "dark" : "light",
        RATIO_MIN);
  }

  /** Later declarations win; what a theme sets for all pages it sets for dark ones too. */
  private void addSheet(String css) {
    String plain = COMMENT.matcher(css).replaceAll("");
    Map<String, String> always = variables(DARK.matcher(plain).replaceAll(""));
    light.putAll(always);
    dark.putAll(always);
    Matcher block = DARK.matcher(plain);
    while (block.find()) {
      dark.putAll(variables(block.group(1)));
    }
  }

  private static Map<String, String> variables(String css) {
    var variables = new HashMap<String, String>();
    Matcher variable = VARIABLE.matcher(css);
    while (variable.find()) {
      variables.put(variable.group(1), variable.group(2));
    }
    return variables;
  }

  private static void measure(
      String sheet, boolean dark, Map<String, String> colors, List<Contrast> measured) {
    for (Pair pair : PAIRS) {
      String text = colors.get(pair.text);
      String background = colors.get(pair.background);
      if (text != null && background != null) {
        double ratio = ratio(text, background);
        measured.add(
            new Contrast(sheet, dark, pair.text, pair.background, ratio, ratio >= RATIO_MIN));
      }
    }
  }

  static double ratio(String one, String other) {
    double a = luminance(one);
    double b = luminance(other);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static double luminance(String color) {
    String digits = color.substring(1);
    String six = digits.length() == 3 ? digits.replaceAll("(.)", "$1$1") : digits;
    int rgb = Integer.parseInt(six, 16);
    return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
  }

  private static double linear(int component) {
    double part = (component & 0xff) / 255.0;
    return part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
  }
}
