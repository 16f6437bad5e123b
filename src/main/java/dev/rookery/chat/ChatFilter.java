package dev.rookery.chat;

import dev.rookery.chat.Conversation.Kind;
import dev.rookery.chat.FilterCommand.Found;
import dev.rookery.chat.FilterCommand.Trial;
import dev.rookery.chat.FilterCommand.Verdict;
import dev.rookery.chat.Words.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All rules of the filter, as a value. Those of words are found together, see {@link WordTree}.
 * Expressions are searched in the text as a whole, the first time without condition, and then as
 * far as the steps for one message reach: what is left of the text after that is masked as a whole,
 * so that no message takes long and none passes.
 */
final class ChatFilter {
  static final ChatFilter NONE = new ChatFilter(List.of());

  /** Characters of a text times the size of an expression, for all searches after the first. */
  private static final long STEPS_MAX = 500_000;

  private final List<Expression> expressions = new ArrayList<>();
  private final WordTree words = new WordTree();
  private final boolean empty;

  private record Expression(FilterRule rule, ExpressionPattern pattern) {}

  /** The steps that are left for a message. */
  private static final class Steps {
    private long left = STEPS_MAX;

    boolean take(long steps) {
      left -= steps;
      return left >= 0;
    }
  }

  ChatFilter(List<FilterRule> rules) {
    this.empty = rules.isEmpty();
    for (FilterRule rule : rules) {
      if (ExpressionPattern.isExpression(rule.pattern())) {
        expressions.add(new Expression(rule, ExpressionPattern.of(rule.pattern())));
        continue;
      }
      words.add(rule, WordPattern.of(rule.pattern()));
    }
  }

  /** Whether there is no rule, so that no message has to be looked at. */
  boolean isEmpty() {
    return empty;
  }

  /** What the rules for a kind of conversation do with a text. */
  Verdict check(Kind kind, String text) {
    return empty || text.isEmpty()
        ? new Verdict(text, null, null)
        : findings(kind, text, new Steps()).verdict();
  }

  /** As {@link #check(Kind, String)}, with what was found. */
  Trial tryOn(Kind kind, String text) {
    Findings findings = findings(kind, text, new Steps());
    return new Trial(findings.verdict(), findings.found);
  }

  private Findings findings(Kind kind, String text, Steps steps) {
    var findings = new Findings(kind, text);
    words.search(Words.of(text), findings::found);
    if (!expressions.isEmpty()) {
      var folded = FoldedText.of(text);
      expressions.forEach(expression -> findings.search(expression, folded, steps));
    }
    return findings;
  }

  /**
   * As {@link #check(Kind, String)}, of the texts in a JSON object. Returned is the object with
   * what is masked; the text of the verdict is empty.
   */
  Checked check(Kind kind, Map<String, Object> object) {
    var found = new Checked[] {new Checked(object, new Verdict("", null, null))};
    Object masked = inside(kind, object, found, new Steps());
    @SuppressWarnings("unchecked")
    var json = (Map<String, Object>) masked;
    return new Checked(json, found[0].verdict);
  }

  /** An object after the filter. */
  record Checked(Map<String, Object> object, Verdict verdict) {}

  private Object inside(Kind kind, Object value, Checked[] found, Steps steps) {
    return switch (value) {
      case String text -> {
        Verdict one = findings(kind, text, steps).verdict();
        Verdict before = found[0].verdict;
        found[0] =
            new Checked(
                found[0].object,
                new Verdict(
                    "",
                    before.refused() == null ? one.refused() : before.refused(),
                    before.flagged() == null ? one.flagged() : before.flagged()));
        yield one.text();
      }
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        map.forEach(
            (name, member) ->
                copy.put(
                    String.valueOf(name),
                    member == null ? null : inside(kind, member, found, steps)));
        yield copy;
      }
      case List<?> list -> {
        var copy = new ArrayList<@Nullable Object>();
        list.forEach(item -> copy.add(item == null ? null : inside(kind, item, found, steps)));
        yield copy;
      }
      default -> value;
    };
  }

  /** What is found in one text. */
  private static final class Findings {
    private final Kind kind;
    private final String text;
    private final List<Found> found = new ArrayList<>();
    private @Nullable StringBuilder masked;
    private @Nullable String refused;
    private @Nullable String flagged;

    Findings(Kind kind, String text) {
      this.kind = kind;
      this.text = text;
    }

    void found(List<FilterRule> rules, List<Word> words) {
      boolean masks = false;
      for (FilterRule rule : rules) {
        if (rule.isFor(kind)) {
          found(rule, words.getFirst().start(), words.getLast().end());
          masks |= rule.action() == FilterRule.Action.MASK;
        }
      }
      if (masks) {
        words.forEach(word -> mask(word.start(), word.end()));
      }
    }

    /** Of a rule that does not mask, the first finding is enough. */
    void search(Expression expression, FoldedText folded, Steps steps) {
      FilterRule rule = expression.rule;
      if (!rule.isFor(kind)) {
        return;
      }
      boolean masks = rule.action() == FilterRule.Action.MASK;
      var matcher = expression.pattern.matcher(folded.text());
      int at = 0;
      while (at < folded.length() && matcher.find(at)) {
        int start = folded.start(matcher.start());
        int end = matcher.end() == matcher.start() ? start : folded.end(matcher.end() - 1);
        found(rule, start, end);
        if (!masks) {
          return;
        }
        mask(start, end);
        at = Math.max(matcher.end(), at + 1);
        if (!steps.take((long) (folded.length() - at) * expression.pattern.size())) {
          mask(end, text.length());
          return;
        }
      }
    }

    private void found(FilterRule rule, int start, int end) {
      switch (rule.action()) {
        case REFUSE -> refused = rule.pattern();
        case FLAG -> flagged = rule.pattern();
        case MASK -> {}
      }
      if (found.size() < FilterCommand.FOUND_MAX) {
        found.add(new Found(rule, text.substring(start, end)));
      }
    }

    private void mask(int start, int end) {
      StringBuilder changed = masked == null ? new StringBuilder(text) : masked;
      for (int i = start; i < end; i++) {
        changed.setCharAt(i, '*');
      }
      masked = changed;
    }

    Verdict verdict() {
      return new Verdict(masked == null ? text : masked.toString(), refused, flagged);
    }
  }
}
