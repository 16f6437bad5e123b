package dev.rookery.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.chat.FilterCommand.Verdict;
import dev.rookery.chat.FilterRule.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the rules of the filter find, and what they do with it. */
final class ChatFilterTest {
  private final List<FilterRule> rules = new ArrayList<>();

  private void rule(String pattern, Action action, Kind... kinds) {
    assertThat(
            ExpressionPattern.isExpression(pattern)
                ? ExpressionPattern.problem(pattern)
                : WordPattern.problem(pattern))
        .as(pattern)
        .isNull();
    rules.add(
        new FilterRule(rules.size() + 1, pattern, action, Set.of(kinds), new PlayerId(1), 0, 0));
  }

  private Verdict check(String text) {
    return new ChatFilter(rules).check(Kind.LOBBY, text);
  }

  @Test
  void masksWholeWordsInAnyCaseAndKeepsTheRest() {
    rule("darn", Action.MASK);
    assertThat(check("Darn! darned DARN, dar n.").text()).isEqualTo("****! darned ****, dar n.");
    assertThat(check("ｄａｒｎ d\u200Barn").text()).isEqualTo("**** *****");
    assertThat(check("nothing")).isEqualTo(new Verdict("nothing", null, null));
  }

  @Test
  void asterisksStandForAnyCharactersOfAWord() {
    rule("dar*", Action.MASK);
    rule("*垃圾*", Action.MASK);
    rule("a*b*c", Action.MASK);
    assertThat(check("dar darned ydar").text()).isEqualTo("*** ****** ydar");
    assertThat(check("我是垃圾人").text()).isEqualTo("*****");
    assertThat(check("abc axbxc acb ac").text()).isEqualTo("*** ***** acb ac");
  }

  @Test
  void wordsOfAPhraseFollowEachOther() {
    rule("buy g*ld", Action.REFUSE);
    assertThat(check("buy – GOLD now").refused()).isEqualTo("buy g*ld");
    assertThat(check("buy some gold").refused()).isNull();
    assertThat(check("buy").refused()).isNull();
  }

  @Test
  void rulesAreForTheirKindsOfConversations() {
    rule("darn", Action.FLAG, Kind.GROUP);
    assertThat(check("darn").flagged()).isNull();
    assertThat(new ChatFilter(rules).check(Kind.GROUP, "darn").flagged()).isEqualTo("darn");
  }

  @Test
  void looksIntoTheTextsOfObjects() {
    rule("darn", Action.MASK);
    rule("no", Action.REFUSE);
    var filter = new ChatFilter(rules);
    Map<String, Object> object = Map.of("a", List.of("darn", 1), "b", Map.of("c", "yes"));
    assertThat(filter.check(Kind.ROOM, object).object())
        .isEqualTo(Map.of("a", List.of("****", 1), "b", Map.of("c", "yes")));
    assertThat(filter.check(Kind.ROOM, Map.of("a", List.of("no"))).verdict().refused())
        .isEqualTo("no");
  }

  @Test
  void findsManyRulesThatShareWordsAndSaysWhatTheyFound() {
    rule("buy gold", Action.MASK);
    rule("buy gold now", Action.FLAG);
    rule("*y g*d", Action.REFUSE);
    rule("gold now", Action.MASK, Kind.GROUP);
    var trial = new ChatFilter(rules).tryOn(Kind.LOBBY, "buy, Gold now");
    assertThat(trial.verdict()).isEqualTo(new Verdict("***, **** now", "*y g*d", "buy gold now"));
    assertThat(trial.found())
        .extracting(found -> found.rule().pattern() + ": " + found.text())
        .containsExactlyInAnyOrder(
            "buy gold: buy, Gold", "*y g*d: buy, Gold", "buy gold now: buy, Gold now");
  }

  @Test
  void searchesExpressionsInTheWholeText() {
    rule("/b[a4]d+ ?w[o0]rd/", Action.MASK);
    rule("/gg\\/\\w+/", Action.FLAG);
    rule("/^(.)buy/", Action.REFUSE);
    assertThat(check("A B4DD word, ＢＡＤ w\u200B0rd. bd word").text())
        .isEqualTo("A *********, *********. bd word");
    assertThat(check("see gg/abc").flagged()).isEqualTo("/gg\\/\\w+/");
    assertThat(check("1buy").refused()).isEqualTo("/^(.)buy/");
    assertThat(check("11buy").refused()).isNull();
    assertThat(new ChatFilter(rules).tryOn(Kind.LOBBY, "bad word b4dword").found())
        .extracting(FilterCommand.Found::text)
        .containsExactly("bad word", "b4dword");
  }

  @Test
  void masksTheRestOfATextWithVeryManyFindings() {
    rule("/x.*y|x/", Action.MASK);
    String text = "x".repeat(4_000) + " end";
    assertThat(check(text).text()).isEqualTo("*".repeat(text.length()));
    assertThat(check("x and x").text()).isEqualTo("* and *");
  }

  @Test
  void findsTheEndOfATextThatIsLongerInItsOtherForm() {
    rule("/\\b$/", Action.FLAG);
    assertThat(check("\u2152").flagged()).isEqualTo("/\\b$/");
  }

  @Test
  void saysWhatIsWrongWithAnExpression() {
    Map<String, String> problems =
        Map.ofEntries(
            Map.entry("/(a/", "missing closing )"),
            Map.entry("/(?=a)b/", "(?="),
            Map.entry("/(a)\\1/", "\\1"),
            Map.entry("/a*/", "without characters"),
            Map.entry("//", "nothing between"),
            Map.entry("/\uFF22ad\u2026/", "plain form: /Bad.../"),
            Map.entry("/a{1000}/", "is too large: 100"),
            Map.entry("/((a{9}b){9})/", "repeats a group"),
            Map.entry("/(((a{99}){2}){99})/", "repeats a group"),
            Map.entry("/[(\\]{2}](b{9}c){9}/", "repeats a group"),
            Map.entry("/(a{9}[\\])]b){9}/", "repeats a group"),
            Map.entry("/(a{9}[[:alpha:])]b){9}/", "repeats a group"),
            Map.entry("/(a{9}[+-[:alpha:])]b){9}/", "[ between brackets"),
            Map.entry("/\\Q[\\E(a{9}){9}/", "\\Q"),
            Map.entry("/" + "a".repeat(199) + "/", "at most 200"));
    problems.forEach(
        (pattern, problem) ->
            assertThat(ExpressionPattern.problem(pattern)).as(pattern).contains(problem));
    for (String pattern :
        List.of("/\\p{Han}{2}/", "/\\x{41}{2}/", "/[[:alpha:]\\[]{2}/", "/(a{9}b)(c{9})/", "/x/")) {
      assertThat(ExpressionPattern.problem(pattern)).as(pattern).isNull();
    }
  }

  @Test
  void refusesPatternsThatFindEverythingOrNothing() {
    for (String pattern :
        List.of("", " ", "*", "a * b", "a.b", "(a+)+", "*a*a*a*a*a", "x".repeat(101))) {
      assertThat(WordPattern.problem(pattern)).as(pattern).isNotNull();
    }
  }
}
