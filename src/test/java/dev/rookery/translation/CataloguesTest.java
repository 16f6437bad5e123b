package dev.rookery.translation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.translation.PoEntry.Key;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the catalogues to the texts of the source. */
final class CataloguesTest {
  private static final Pattern PLACEHOLDERS = Pattern.compile("\\{\\w+}|</?\\w>");
  private static final Translations TRANSLATIONS =
      new Translations("en", new SimpleMeterRegistry());

  static Stream<Catalogue> translated() {
    return TRANSLATIONS.languages().stream()
        .filter(language -> !language.equals(Language.ENGLISH))
        .map(TRANSLATIONS::of);
  }

  @ParameterizedTest
  @MethodSource("translated")
  void hasEveryTextOfTheSourceAndNoOther(Catalogue catalogue) throws Exception {
    Map<Key, PoEntry> source = SourceTexts.find();
    var entries = catalogue.entries();
    var keys = entries.stream().map(PoEntry::key).toList();

    List<PoEntry> missing =
        source.values().stream()
            .filter(text -> !keys.contains(text.key()))
            .map(text -> untranslated(text, catalogue.plurals().forms()))
            .toList();
    assertThat(PoWriter.write(missing))
        .as("entries to add to messages/%s.po, with translations", catalogue.language())
        .isEmpty();
    assertThat(keys)
        .as("stale entries to remove from messages/%s.po", catalogue.language())
        .allSatisfy(key -> assertThat(source).containsKey(key));
    assertThat(entries)
        .allSatisfy(entry -> assertThat(entry.isTranslated()).as(entry.text()).isTrue());
  }

  @ParameterizedTest
  @MethodSource("translated")
  void keepsPlaceholdersDomainsAndPluralForms(Catalogue catalogue) throws Exception {
    Map<Key, PoEntry> source = SourceTexts.find();
    for (PoEntry entry : catalogue.entries()) {
      PoEntry text = source.get(entry.key());
      assertThat(entry.domain()).as(entry.text()).isEqualTo(text.domain());
      assertThat(entry.plural()).as(entry.text()).isEqualTo(text.plural());
      assertThat(entry.translations())
          .as(entry.text())
          .hasSize(text.plural() == null ? 1 : catalogue.plurals().forms());
      for (int form = 0; form < entry.translations().size(); form++) {
        checkPlaceholders(catalogue, entry, form);
      }
    }
  }

  /** A form that stands for one number may say it in words, as in Arabic. */
  private static void checkPlaceholders(Catalogue catalogue, PoEntry entry, int form) {
    Set<String> wanted = placeholders(entry.text());
    Set<String> found = placeholders(entry.translations().get(form));
    if (entry.plural() != null && isOneNumber(catalogue.plurals(), form)) {
      wanted.remove("{count}");
      found.remove("{count}");
    }
    assertThat(found).as("%s: %s", catalogue.language(), entry.text()).isEqualTo(wanted);
  }

  private static boolean isOneNumber(PluralRule plurals, int form) {
    return LongStream.rangeClosed(0, 1_000).filter(n -> plurals.form(n) == form).count() == 1;
  }

  private static Set<String> placeholders(String text) {
    var found = new TreeSet<String>();
    Matcher matcher = PLACEHOLDERS.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }

  private static PoEntry untranslated(PoEntry text, int forms) {
    var empty = new ArrayList<String>();
    for (int form = 0; form < (text.plural() == null ? 1 : forms); form++) {
      empty.add("");
    }
    return new PoEntry(text.domain(), text.context(), text.text(), text.plural(), empty, false);
  }
}
