package dev.rookery.protocol.console;

import java.util.ArrayList;
import java.util.List;

/**
 * The lines in which two texts differ: {@code - } before a line that is gone, {@code + } before a
 * new one, and blanks before those around them that are the same.
 */
final class LineDiff {
  private static final int AROUND = 3;

  /** The table of the longest common part has the product of both as its size. */
  private static final int LINES_MAX = 2_000;

  private static final String GONE = "- ";
  private static final String NEW = "+ ";
  private static final String SAME = "  ";

  private LineDiff() {}

  /** Returns the lines; empty if the texts are the same. */
  static List<String> of(String before, String after) {
    List<String> old = before.lines().toList();
    List<String> now = after.lines().toList();
    int start = 0;
    while (start < Math.min(old.size(), now.size()) && old.get(start).equals(now.get(start))) {
      start++;
    }
    int end = 0;
    while (end < Math.min(old.size(), now.size()) - start
        && old.get(old.size() - 1 - end).equals(now.get(now.size() - 1 - end))) {
      end++;
    }
    List<String> oldPart = old.subList(start, old.size() - end);
    List<String> newPart = now.subList(start, now.size() - end);
    if (oldPart.isEmpty() && newPart.isEmpty()) {
      return List.of();
    }
    var lines = new ArrayList<String>();
    old.subList(Math.max(0, start - AROUND), start).forEach(line -> lines.add(SAME + line));
    if (oldPart.size() > LINES_MAX || newPart.size() > LINES_MAX) {
      oldPart.forEach(line -> lines.add(GONE + line));
      newPart.forEach(line -> lines.add(NEW + line));
    } else {
      compare(oldPart, newPart, lines);
    }
    int rest = old.size() - end;
    old.subList(rest, Math.min(old.size(), rest + AROUND)).forEach(line -> lines.add(SAME + line));
    return lines;
  }

  private static void compare(List<String> old, List<String> now, List<String> lines) {
    // Of what is left from a pair of lines on, how many lines both have in common.
    var common = new int[old.size() + 1][now.size() + 1];
    for (int i = old.size() - 1; i >= 0; i--) {
      for (int j = now.size() - 1; j >= 0; j--) {
        common[i][j] =
            old.get(i).equals(now.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < old.size() || j < now.size()) {
      if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
        lines.add(SAME + old.get(i));
        i++;
        j++;
      } else if (i < old.size() && (j == now.size() || common[i + 1][j] >= common[i][j + 1])) {
        lines.add(GONE + old.get(i++));
      } else {
        lines.add(NEW + now.get(j++));
      }
    }
  }
}
