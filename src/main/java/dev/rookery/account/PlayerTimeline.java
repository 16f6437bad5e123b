package dev.rookery.account;

import dev.rookery.account.AccountCommand.ReadTimeline;
import dev.rookery.account.AccountCommand.TimelinePage;
import dev.rookery.bus.Bus;
import dev.rookery.console.AuditEntry;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.player.Timeline;
import dev.rookery.player.Timeline.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Merges what the domains know of a player into one timeline. A page is read from the time at which
 * the one before ended; entries of that same time that were shown are left out by their number.
 */
final class PlayerTimeline {
  private static final List<String> PARTS =
      List.of("sign_ins", "notifications", "achievements", "matches");
  private static final String ADMIN = "admin_actions";
  private static final Pattern CURSOR = Pattern.compile("(\\d{1,18})\\.(\\d{1,4})");

  private final Bus bus;

  PlayerTimeline(Bus bus) {
    this.bus = bus;
  }

  private record Start(long untilMs, int shown) {}

  TimelinePage read(ReadTimeline asked) {
    Start start = start(asked.cursor());
    int max = Math.clamp(asked.max(), 1, ReadTimeline.ENTRIES_MAX);
    int wanted = max + start.shown() + 1;
    var all = new ArrayList<Entry>();
    for (String part : PARTS) {
      all.addAll(bus.ask(new Timeline(part, asked.player(), start.untilMs(), wanted)).await());
    }
    if (asked.adminActions()) {
      all.addAll(adminActions(asked, start, wanted));
    }
    // Stable, so entries of one time stay in the order of the parts.
    all.sort(Comparator.comparingLong(Entry::atMs).reversed());
    int first = Math.min(start.shown(), all.size());
    List<Entry> rest = all.subList(first, all.size());
    List<Entry> page = List.copyOf(rest.subList(0, Math.min(max, rest.size())));
    return new TimelinePage(page, rest.size() > max ? next(start, page) : "");
  }

  private static Start start(String cursor) {
    Matcher matcher = CURSOR.matcher(cursor);
    return matcher.matches()
        ? new Start(Long.parseLong(matcher.group(1)), Integer.parseInt(matcher.group(2)))
        : new Start(Long.MAX_VALUE, 0);
  }

  private static String next(Start start, List<Entry> page) {
    long last = page.getLast().atMs();
    long same = page.stream().filter(entry -> entry.atMs() == last).count();
    return last + "." + (same + (last == start.untilMs() ? start.shown() : 0));
  }

  private List<Entry> adminActions(ReadTimeline asked, Start start, int max) {
    var filter =
        new AuditEntry.Filter(null, null, "users/" + asked.player().value(), null, null, null);
    var place = new AuditEntry.Place(start.untilMs(), Long.MAX_VALUE, Long.MAX_VALUE);
    return bus.ask(new ConsoleCommand.ListAudit(filter, place, max)).await().stream()
        .map(PlayerTimeline::entry)
        .toList();
  }

  private static Entry entry(AuditEntry audited) {
    String by = audited.player() == null ? "the server" : "admin " + audited.player().value();
    String result =
        audited.result().equals(AuditEntry.DONE) ? "" : ", refused: " + audited.result();
    String reason = audited.reason().isEmpty() ? "" : ": " + audited.reason();
    return new Entry(audited.atMs(), ADMIN, audited.action() + " by " + by + result + reason, "");
  }
}
