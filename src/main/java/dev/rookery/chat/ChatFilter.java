package dev.rookery.chat;

import dev.rookery.chat.Conversation.Kind;
import dev.rookery.chat.FilterCommand.Verdict;
import dev.rookery.chat.Words.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All rules of the filter, as a value. Rules that begin with a whole word are found by it, so that
 * a thousand words of a text cost a thousand look-ups; the few that begin with an asterisk are
 * compared with each word.
 */
final class ChatFilter {
  static final ChatFilter NONE = new ChatFilter(List.of());

  private final Map<String, List<Compiled>> byWord = new HashMap<>();
  private final List<Compiled> others = new ArrayList<>();
  private final boolean empty;

  private record Compiled(FilterRule rule, WordPattern pattern) {}

  ChatFilter(List<FilterRule> rules) {
    this.empty = rules.isEmpty();
    for (FilterRule rule : rules) {
      var compiled = new Compiled(rule, WordPattern.of(rule.pattern()));
      String literal = compiled.pattern.literal();
      (literal == null ? others : byWord.computeIfAbsent(literal, _ -> new ArrayList<>()))
          .add(compiled);
    }
  }

  /** Whether there is no rule, so that no message has to be looked at. */
  boolean isEmpty() {
    return empty;
  }

  /** What the rules for a kind of conversation do with a text. */
  Verdict check(Kind kind, String text) {
    if (empty || text.isEmpty()) {
      return new Verdict(text, null, null);
    }
    List<Word> words = Words.of(text);
    var findings = new Findings(kind, text, words);
    for (int i = 0; i < words.size(); i++) {
      for (Compiled compiled : byWord.getOrDefault(words.get(i).text(), List.of())) {
        findings.look(compiled, i);
      }
      for (Compiled compiled : others) {
        findings.look(compiled, i);
      }
    }
    return findings.verdict();
  }

  /**
   * As {@link #check(Kind, String)}, of the texts in a JSON object. Returned is the object with
   * what is masked; the text of the verdict is empty.
   */
  Checked check(Kind kind, Map<String, Object> object) {
    var found = new Checked[] {new Checked(object, new Verdict("", null, null))};
    Object masked = inside(kind, object, found);
    @SuppressWarnings("unchecked")
    var json = (Map<String, Object>) masked;
    return new Checked(json, found[0].verdict);
  }

  /** An object after the filter. */
  record Checked(Map<String, Object> object, Verdict verdict) {}

  private Object inside(Kind kind, Object value, Checked[] found) {
    return switch (value) {
      case String text -> {
        Verdict one = check(kind, text);
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
                    String.valueOf(name), member == null ? null : inside(kind, member, found)));
        yield copy;
      }
      case List<?> list -> {
        var copy = new ArrayList<@Nullable Object>();
        list.forEach(item -> copy.add(item == null ? null : inside(kind, item, found)));
        yield copy;
      }
      default -> value;
    };
  }

  /** What is found in one text. */
  private static final class Findings {
    private final Kind kind;
    private final String text;
    private final List<Word> words;
    private @Nullable StringBuilder masked;
    private @Nullable String refused;
    private @Nullable String flagged;

    Findings(Kind kind, String text, List<Word> words) {
      this.kind = kind;
      this.text = text;
      this.words = words;
    }

    void look(Compiled compiled, int from) {
      FilterRule rule = compiled.rule;
      int matching = rule.isFor(kind) ? compiled.pattern.matchesAt(words, from) : 0;
      if (matching > 0) {
        switch (rule.action()) {
          case REFUSE -> refused = rule.pattern();
          case FLAG -> flagged = rule.pattern();
          case MASK -> words.subList(from, from + matching).forEach(this::mask);
        }
      }
    }

    private void mask(Word word) {
      StringBuilder changed = masked == null ? new StringBuilder(text) : masked;
      for (int i = word.start(); i < word.end(); i++) {
        changed.setCharAt(i, '*');
      }
      masked = changed;
    }

    Verdict verdict() {
      return new Verdict(masked == null ? text : masked.toString(), refused, flagged);
    }
  }
}
