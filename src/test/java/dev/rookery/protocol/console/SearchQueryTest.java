package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.console.SearchQuery.Key;
import dev.rookery.protocol.console.SearchQuery.Operator;
import dev.rookery.protocol.console.SearchQuery.Term;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The grammar of search boxes. */
final class SearchQueryTest {
  private static final List<Key> KEYS =
      List.of(
          Key.oneOf("is", "a state", "online", "banned"),
          Key.compared("created", "a time"),
          Key.of("lobby", "an id"));

  private static SearchQuery parse(String text) {
    return SearchQuery.parse(text, KEYS, true);
  }

  @Test
  void readsWordsFiltersComparisonsNegationsAndQuotes() {
    SearchQuery query = parse("Ann  \"van der Berg\" is:online -is:banned created:>2026-01-31");

    assertThat(query.problems()).isEmpty();
    assertThat(query.words()).isEqualTo("Ann van der Berg");
    assertThat(query.flag("is", "online")).isTrue();
    assertThat(query.flag("is", "banned")).isFalse();
    assertThat(query.terms())
        .contains(new Term("created", Operator.ABOVE, false, "2026-01-31", "created:>2026-01-31"));
  }

  @Test
  void keepsSpacesOfAQuotedValueAndColonsOfAValue() {
    assertThat(parse("lobby:\"a b:c\"").value("lobby")).isEqualTo("a b:c");
    assertThat(parse("\"is:online\"").words()).isEqualTo("is:online");
    assertThat(parse("12:30").words()).isEqualTo("12:30");
  }

  @Test
  void masksWhatMayBeAboutAPlayer() {
    assertThat(
            parse("ann@example.com \"van der Berg\" 12 is:online -is:banned lobby:7").masked(KEYS))
        .isEqualTo("*** *** 12 is:online -is:banned lobby:7");
    assertThat(parse("lobby:Ann created:>2026-01-31").masked(KEYS))
        .isEqualTo("lobby:*** created:>2026-01-31");
    assertThat(parse("lobby:Ann").masked(KEYS, "lobby")).isEqualTo("lobby:Ann");
  }

  @ParameterizedTest
  @CsvSource({
    "nokey:1, there is no filter key",
    "is:gone, the values of “is” are banned",
    "lobby:, a value is missing",
    "-lobby:1, cannot be excluded",
    "-word, words cannot be excluded",
    "lobby:1 lobby:2, may occur once"
  })
  void namesTheWordThatIsWrong(String text, String problem) {
    SearchQuery query = parse(text);

    assertThat(query.isValid()).isFalse();
    assertThat(query.problems().getFirst())
        .startsWith("“" + text.split(" ")[0] + "”")
        .contains(problem);
  }

  @Test
  void treatsComparisonSignsAsTextWhereNothingIsCompared() {
    assertThat(parse("lobby:>5").value("lobby")).isEqualTo(">5");
  }

  @Test
  void removesOneTermAndKeepsTheRestAsTyped() {
    SearchQuery query = parse("Ann is:online -is:banned");

    assertThat(query.without(query.terms().get(1))).isEqualTo("Ann -is:banned");
  }

  @Test
  void boundsLengthAndNumberOfWords() {
    assertThat(parse("x".repeat(600)).isValid()).isFalse();
    assertThat(parse("x ".repeat(30)).isValid()).isFalse();
  }
}
