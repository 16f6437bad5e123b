package dev.rookery.protocol.console;

import dev.rookery.console.LogFilter;
import dev.rookery.console.LogLine;
import dev.rookery.console.OperationsQuery.LogPage;
import dev.rookery.console.OperationsQuery.NodeLine;
import java.util.regex.Pattern;

/**
 * Hides network addresses in log lines from admins who may not read personal data. Email addresses
 * are removed before a line is kept.
 */
final class LogMask {
  private static final String HIDDEN = "[address]";
  private static final Pattern ADDRESSES =
      Pattern.compile(
          "(?<![\\w.])(?:\\d{1,3}\\.){3}\\d{1,3}(?!\\w)"
              + "|(?<![\\w:])(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}(?![\\w:]|\\.\\d)"
              + "|(?<![\\w:])(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){0,6})?::"
              + "(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){0,6})?(?![\\w:]|\\.\\d)");

  private LogMask() {}

  /**
   * Masks the lines of a page. A line that the filter admits only because of what is hidden is left
   * out, so that nobody finds an address by searching for it.
   */
  static LogPage mask(LogPage page, LogFilter filter) {
    return new LogPage(
        page.lines().stream()
            .map(of -> new NodeLine(of.node(), mask(of.line())))
            .filter(of -> filter.admits(of.line()))
            .toList(),
        page.newest(),
        page.oldestMs(),
        page.missed(),
        page.levels(),
        page.silent());
  }

  private static LogLine mask(LogLine line) {
    String details = line.details();
    return new LogLine(
        line.sequence(),
        line.timeMs(),
        line.level(),
        line.logger(),
        mask(line.message()),
        line.requestId(),
        details == null ? null : mask(details));
  }

  static String mask(String text) {
    return ADDRESSES.matcher(text).replaceAll(HIDDEN);
  }
}
