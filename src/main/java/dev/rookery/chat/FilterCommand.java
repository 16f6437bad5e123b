package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.chat.Conversation.Kind;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the filter of messages, for admins. A change is answered when all nodes follow it.
 */
public sealed interface FilterCommand<R> extends Command<R> {
  String ADDRESS = "chat_filter";

  /** How many rules there may be. */
  int RULES_MAX = 500;

  /** How many of them may have an asterisk, which are compared with each word of a message. */
  int WILDCARDS_MAX = 100;

  /** How many of them may be regular expressions, which are searched in each message. */
  int EXPRESSIONS_MAX = 20;

  /** The greatest size of all expressions together: so many steps for each character. */
  int EXPRESSION_SIZES_MAX = 200;

  /** How many findings {@link TestText} shows. */
  int FOUND_MAX = 50;

  @Override
  default String address() {
    return ADDRESS;
  }

  /** All rules, by their pattern; at most {@value #RULES_MAX}. */
  record ListRules() implements FilterCommand<List<FilterRule>> {}

  /** {@code Missing("rule_not_found")}. */
  record FindRule(long id) implements FilterCommand<FilterRule> {}

  /**
   * Adds a rule. Invalid {@code pattern}; {@code Conflict("too_many_rules")}, {@code
   * Conflict("too_many_wildcards")}, {@code Conflict("too_many_expressions")}.
   *
   * @param idempotencyKey 1 to 200 characters of the admin's choice, or null
   */
  record CreateRule(
      PlayerId admin,
      String pattern,
      FilterRule.Action action,
      Set<Kind> kinds,
      @Nullable String idempotencyKey)
      implements FilterCommand<FilterRule> {}

  /**
   * Replaces a rule. As {@link CreateRule}; {@code Missing("rule_not_found")}, {@code
   * Conflict("revision_conflict")}.
   *
   * @param revision that was read; null to replace it whatever was read
   */
  record UpdateRule(
      PlayerId admin,
      long id,
      @Nullable Long revision,
      String pattern,
      FilterRule.Action action,
      Set<Kind> kinds)
      implements FilterCommand<FilterRule> {}

  /** {@code Missing("rule_not_found")}. */
  record DeleteRule(long id) implements FilterCommand<Done> {}

  /** What the stored rules do with a text, which is not sent. */
  record TestText(Kind kind, String text) implements FilterCommand<Trial> {}

  /**
   * What the filter does with a text, and why.
   *
   * @param found at most {@link #FOUND_MAX}
   */
  record Trial(Verdict verdict, List<Found> found) {}

  /** A part of a text that a rule has found. */
  record Found(FilterRule rule, String text) {}

  /**
   * What the filter does with a text.
   *
   * @param text with asterisks in place of what is masked
   * @param refused the pattern because of which it is not sent; null if it is
   * @param flagged the pattern because of which moderators see it; null if they do not
   */
  record Verdict(String text, @Nullable String refused, @Nullable String flagged) {}
}
