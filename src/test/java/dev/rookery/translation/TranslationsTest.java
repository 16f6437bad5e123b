package dev.rookery.translation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TranslationsTest {
  private static final String RUSSIAN =
      "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20)"
          + " ? 1 : 2);";

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Translations translations = new Translations("en", meters);

  @Test
  void readsEntriesWithCommentsContextPluralsAndLongStrings() {
    var entries =
        PoReader.read(
            """
            # a comment
            msgid ""
            msgstr "Plural-Forms: nplurals=2; plural=n != 1;\\n"

            #: errors
            #, fuzzy
            msgctxt "lobby"
            msgid "Open \\"it\\""
            msgstr "Offen"
            #: pages
            msgid "{count} player"
            msgid_plural "{count} players"
            msgstr[0] "{count} "
            "Spieler"
            msgstr[1] "{count} Spieler\\n"
            """);

    assertThat(entries)
        .containsExactly(
            new PoEntry(
                "", "", "", null, List.of("Plural-Forms: nplurals=2; plural=n != 1;\n"), false),
            new PoEntry("errors", "lobby", "Open \"it\"", null, List.of("Offen"), true),
            new PoEntry(
                "pages",
                "",
                "{count} player",
                "{count} players",
                List.of("{count} Spieler", "{count} Spieler\n"),
                false));
    assertThat(PoReader.read(PoWriter.write(entries))).isEqualTo(entries);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "msgid \"a\"",
        "msgid \"a\"\nmsgstr \"\\q\"",
        "msgid \"a\nmsgstr \"b\"",
        "\"a\"",
        "msgid \"a\"\nmsgstr[1] \"b\"",
        "msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"c\"",
        "something"
      })
  void namesTheLineOfABrokenFile(String file) {
    assertThatThrownBy(() -> PoReader.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("line ");
  }

  @ParameterizedTest
  @CsvSource({"1,0", "21,0", "11,2", "2,1", "12,2", "22,1", "0,2", "111,2"})
  void choosesAPluralFormByTheFormula(long count, int form) {
    assertThat(PluralRule.parse(RUSSIAN).form(count)).isEqualTo(form);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nplurals=2; plural=n != ;",
        "nplurals=2; plural=system(n);",
        "nplurals=2; plural=(n;",
        "nplurals=2; plural=n ? 1;",
        "plural=n;",
        "nplurals=9; plural=n;"
      })
  void refusesWhatIsNoFormula(String header) {
    assertThatThrownBy(() -> PluralRule.parse(header)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void dividesByZeroWithoutFailing() {
    assertThat(PluralRule.parse("nplurals=2; plural=n/0 + n%0;").form(3)).isZero();
  }

  @Test
  void translatesWithValuesAndPluralsAndFallsBackToEnglish() {
    Catalogue german = translations.of("de");

    assertThat(german.translate(Message.of("Sign in"))).isEqualTo("Anmelden");
    assertThat(german.translate(Message.plural("{count} day", "{count} days", 1)))
        .isEqualTo("1 Tag");
    assertThat(
            german.translate(
                Message.of(
                    "Too many attempts. Try again in {time}.",
                    "time",
                    Message.plural("{count} second", "{count} seconds", 1_500))))
        .isEqualTo("Zu viele Versuche. Versuche es in 1.500 Sekunden erneut.");
    assertThat(german.translate(Message.literal("Firefox"))).isEqualTo("Firefox");
    assertThat(missing("de")).isZero();

    assertThat(german.translate(Message.of("Nobody says {what}", "what", "this")))
        .isEqualTo("Nobody says this");
    assertThat(missing("de")).isEqualTo(1);
    assertThat(missing("en")).isZero();
  }

  private double missing(String language) {
    return meters.get("rookery.translations.missing").tag("language", language).counter().count();
  }

  @Test
  void isolatesValuesThatRunTheOtherWay() {
    assertThat(
            translations
                .of("ar")
                .translate(Message.of("Sign in with {provider}", "provider", "Discord")))
        .isEqualTo("تسجيل الدخول عبر \u2068Discord\u2069");
    Catalogue english = translations.of("en");
    assertThat(english.translate(Message.of("From {name}", "name", "علي")))
        .isEqualTo("From \u2068علي\u2069");
    assertThat(english.translate(Message.of("From {name}", "name", Message.literal("علي"))))
        .isEqualTo("From \u2068علي\u2069");
    assertThat(english.translate(Message.of("From {name}", "name", "Ann"))).isEqualTo("From Ann");
  }

  @Test
  void escapesTextsAndValuesOfTextsWithLinks() {
    var message = Message.of("<a>All</a> & <i>{name}", "name", "<a>\"x\"</a>");

    assertThat(translations.of("en").translateWithLinks(message, Map.of("a", "/x?a=1&b")))
        .isEqualTo(
            "<a href=\"/x?a=1&amp;b\">All</a> &amp; &lt;i&gt;&lt;a&gt;&quot;x&quot;&lt;/a&gt;");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "de-AT,de;q=0.9,en;q=0.8|de",
        "pt-PT|pt-BR",
        "zh-Hant-TW;q=0.5, ja;q=0.9|ja",
        "nl, fr;q=0.1|fr",
        "de;q=0, es|es",
        "nl|en",
        "*|en",
        "zh-TW, de;q=0.5|de",
        "zh-Hant-HK, xx|zh-CN",
        "zh-TW, zh-CN;q=0.5|zh-CN",
        ";;;|en"
      })
  void choosesTheLanguageThatTheBrowserPrefers(String header, String tag) {
    assertThat(translations.negotiate(header).tag()).isEqualTo(tag);
  }

  @Test
  void knowsOnlyWholeTagsAsPrefixes() {
    assertThat(translations.findExact("PT-br")).isNotNull();
    assertThat(translations.findExact("pt_br")).isNotNull();
    assertThat(translations.findExact("pt")).isNull();
    assertThat(translations.findExact("play")).isNull();
  }
}
