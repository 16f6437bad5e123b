package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.matchmaking.Criteria;
import dev.rookery.matchmaking.Explanation;
import dev.rookery.matchmaking.MatchmakingQuery.Candidate;
import dev.rookery.matchmaking.MatchmakingQuery.ListedTicket;
import dev.rookery.matchmaking.MatchmakingQuery.Refusing;
import dev.rookery.matchmaking.MatchmakingQuery.TicketReport;
import dev.rookery.matchmaking.TicketPlayer;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Why a ticket is not matched, as sections of a page. */
final class TicketSections {
  private static final int SHORT_ID = 8;

  private TicketSections() {}

  static List<Section> of(TicketReport report) {
    return List.of(
        Section.facts("ticket", "Ticket", facts(report)),
        Section.table(
                "rules",
                "Rules that refuse",
                rules(report.explanation()),
                Pager.NONE,
                "No waiting player is kept away by a single rule.")
            .withNote(
                "Players who differ in this rule alone, and when the closest of them fits if both"
                    + " keep waiting."),
        Section.table(
                "candidates",
                "Other tickets, closest first",
                candidates(report.candidates()),
                Pager.NONE,
                "No other ticket waits.")
            .withNote("At most 50, those with the fewest rules against them first."));
  }

  private static List<Fact> facts(TicketReport report) {
    ListedTicket ticket = report.ticket();
    Explanation explanation = report.explanation();
    Criteria criteria = ticket.criteria();
    var facts = new ArrayList<Fact>();
    facts.add(Fact.of("Next cycle", Cell.text(outcome(report))));
    facts.add(
        Fact.of(
            "Players found",
            Cell.text(explanation.found() + " of " + explanation.needed() + " that are needed")));
    facts.add(
        Fact.of(
            "Asks for",
            Cell.text(
                criteria.mode()
                    + ", region "
                    + criteria.region()
                    + ", "
                    + criteria.size()
                    + " players")));
    facts.add(Fact.of("Waiting", Cell.text(duration(explanation.waitedMs()))));
    facts.add(
        Fact.of(
            "Skill",
            Cell.text(
                "%s, window ±%s by now"
                    .formatted(number(report.mu()), number(explanation.skillWindow())))));
    facts.add(
        Fact.of(
            "Players", ticket.players().stream().map(TicketSections::player).toArray(Cell[]::new)));
    if (!ticket.ticket().isEmpty()) {
      facts.add(Fact.of("Id", Cell.code(ticket.ticket())));
      facts.add(Fact.of("Created", Cell.time(ticket.createdMs())));
      facts.add(Fact.of("Expires", Cell.time(ticket.expiresMs())));
      facts.add(Fact.of("Node", Cell.text(ticket.node())));
    }
    return facts;
  }

  private static Cell player(TicketPlayer player) {
    return player.player().value() == 0
        ? Cell.text(player.name())
        : Cell.player(player.name(), player.player().value());
  }

  private static String outcome(TicketReport report) {
    if (report.postponedMs() > 0) {
      return "not considered for "
          + duration(report.postponedMs())
          + ", because its match could not be started";
    }
    if (!report.matchedWith().isEmpty()) {
      return "matched with "
          + report.matchedWith().stream()
              .map(TicketSections::shortId)
              .collect(Collectors.joining(", "));
    }
    Explanation explanation = report.explanation();
    int missing = explanation.needed() - explanation.found();
    return missing > 0
        ? "not matched: " + missing + " more compatible players are needed"
        : "not matched: the compatible players do not fit each other, or their parties do not fill"
            + " two teams";
  }

  private static ListView rules(Explanation explanation) {
    var columns =
        List.of(
            Column.of("Rule", 1),
            Column.of("Keeps away, players", 1),
            Column.of("Nearest", 2),
            Column.of("Relaxes in", 1));
    var rows = new ArrayList<Row>();
    for (Explanation.Mismatch mismatch : explanation.mismatches()) {
      boolean relaxes = mismatch.criterion().equals("skill");
      rows.add(
          new Row(
              mismatch.criterion(),
              mismatch.criterion(),
              List.of(
                  Cell.text(mismatch.criterion()),
                  Cell.number(mismatch.players()),
                  Cell.text(relaxes ? "+" + number(mismatch.smallestExcess()) : ""),
                  Cell.text(relaxes ? duration(mismatch.compatibleInMs()) : "never"))));
    }
    return new ListView("rules", "Rules that refuse", columns, rows, false);
  }

  private static ListView candidates(List<Candidate> candidates) {
    var columns =
        List.of(
            Column.of("Ticket", 1),
            Column.of("Refused by", 1),
            Column.of("Players", 2),
            Column.of("Waiting", 2),
            Column.of("Skill difference", 2),
            Column.of("Asks for", 3));
    var rows = new ArrayList<Row>();
    for (Candidate candidate : candidates) {
      String id = candidate.ticket();
      Criteria criteria = candidate.criteria();
      rows.add(
          new Row(
              id,
              "ticket " + id,
              List.of(
                  Cell.link(shortId(id), MatchmakingPages.path(id)),
                  candidate.refusing().isEmpty()
                      ? Cell.badge("fits", "good")
                      : Cell.text(
                          candidate.refusing().stream()
                              .map(TicketSections::refusing)
                              .collect(Collectors.joining("; "))),
                  Cell.number(candidate.players()),
                  Cell.text(duration(candidate.waitedMs())),
                  Cell.text(number(candidate.skillDifference())),
                  Cell.text(criteria.mode() + ", " + criteria.region() + ", " + criteria.size()))));
    }
    return new ListView("candidates", "Other tickets", columns, rows, false);
  }

  private static String refusing(Refusing refusing) {
    return refusing.relaxesInMs() < 0
        ? refusing.rule()
        : "%s by %s, for %s"
            .formatted(
                refusing.rule(), number(refusing.excess()), duration(refusing.relaxesInMs()));
  }

  static String shortId(String id) {
    return id.length() <= SHORT_ID ? id : id.substring(0, SHORT_ID);
  }

  private static String number(double value) {
    return String.format(Locale.ENGLISH, "%.1f", value);
  }

  static String duration(long ms) {
    return Figures.duration(Duration.ofMillis(Math.max(0, ms)));
  }

  /** Reads a number with a point. */
  static double decimal(String field, String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException _) {
      throw Refused.invalid(field, "is not a number");
    }
  }
}
