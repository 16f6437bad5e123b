package dev.rookery.matchmaking;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides whether two tickets may be in one match: the rules by which {@link MatchFunction} matches
 * and {@link TicketExplainer} explains.
 */
final class PairRules {
  private PairRules() {}

  /** A rule, in the order in which they are explained. */
  enum Rule {
    SKILL("skill") {
      @Override
      double excess(Ticket one, Ticket other, long nowMs) {
        return SkillWindow.excess(one, other, nowMs);
      }
    },
    REGION("region") {
      @Override
      double excess(Ticket one, Ticket other, long nowMs) {
        return one.criteria().region().equals(other.criteria().region()) ? 0 : 1;
      }
    },
    MODE("mode") {
      @Override
      double excess(Ticket one, Ticket other, long nowMs) {
        return one.criteria().mode().equals(other.criteria().mode()) ? 0 : 1;
      }
    },
    SIZE("size") {
      @Override
      double excess(Ticket one, Ticket other, long nowMs) {
        return one.criteria().size() == other.criteria().size() ? 0 : 1;
      }
    };

    private static final List<Rule> ALL = List.of(values());

    private final String text;

    Rule(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }

    /** How far the two are from what the rule allows; above 0 it keeps them apart. */
    abstract double excess(Ticket one, Ticket other, long nowMs);
  }

  /**
   * A rule that keeps two tickets apart.
   *
   * @param excess for {@link Rule#SKILL}, how far the difference in skill exceeds the smaller
   *     window; otherwise 0
   */
  record Objection(Rule rule, double excess) {
    /** After how many milliseconds of further waiting it is gone; -1 for never. */
    long relaxesInMs() {
      return rule == Rule.SKILL ? SkillWindow.msUntilCompatible(excess) : -1;
    }
  }

  /** All rules that keep two tickets apart now; empty if they may be in one match. */
  static List<Objection> objections(Ticket one, Ticket other, long nowMs) {
    var objections = new ArrayList<Objection>();
    for (Rule rule : Rule.ALL) {
      double excess = rule.excess(one, other, nowMs);
      if (excess > 0) {
        objections.add(new Objection(rule, rule == Rule.SKILL ? excess : 0));
      }
    }
    return objections;
  }

  /** Whether no rule keeps two tickets apart; asked for each pair of a pool, twice a second. */
  static boolean areCompatible(Ticket one, Ticket other, long nowMs) {
    for (int i = 0; i < Rule.ALL.size(); i++) {
      if (Rule.ALL.get(i).excess(one, other, nowMs) > 0) {
        return false;
      }
    }
    return true;
  }
}
