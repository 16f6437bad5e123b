package dev.rookery.translation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The catalogues of all languages, and the choice of a language for a request. Catalogues are read
 * once, at the start, and a broken one stops it. Safe for use by several threads.
 */
public final class Translations {
  /** The languages with a catalogue, in the order of menus. A new one is one file and its tag. */
  public static final List<String> TAGS =
      List.of("en", "ar", "de", "es", "fr", "ja", "pt-BR", "zh-CN");

  private static final int ACCEPT_LANGUAGE_MAX = 500;
  private static final int NEGOTIATED_MAX = 1_000;
  private static final String HEADER = "";
  private static final String PLURAL_FORMS = "Plural-Forms";
  private static final String NAME = "X-Language-Name";
  private static final String DIRECTION = "X-Direction";

  // The ranges of a header are in lowercase.
  private static final Pattern TRADITIONAL_CHINESE = Pattern.compile("zh-(?:hant|tw|hk|mo)\\b");

  /** The files, each read once by a process: they are a part of the program. */
  private static final Map<String, CatalogueFile> FILES = new ConcurrentHashMap<>();

  /** What is in a file; never changed. */
  private record CatalogueFile(
      Language language, PluralRule plurals, Map<PoEntry.Key, PoEntry> entries) {}

  private final Map<String, Catalogue> catalogues = new LinkedHashMap<>();
  private final Map<String, Language> byTag = new HashMap<>();
  private final Catalogue fallback;

  /** By the header, of which browsers send few different ones. */
  private final Cache<String, Language> negotiated =
      Caffeine.newBuilder().executor(Runnable::run).maximumSize(NEGOTIATED_MAX).build();

  /**
   * Reads all catalogues.
   *
   * @param defaultTag the language of those who have not chosen one that is there
   */
  public Translations(String defaultTag, MeterRegistry meters) {
    for (String tag : TAGS) {
      Counter missing =
          Counter.builder("rookery.translations.missing")
              .description("Texts that were shown in English because a catalogue lacks them")
              .tag("language", tag)
              .register(meters);
      Catalogue catalogue = read(tag, missing::increment);
      catalogues.put(tag, catalogue);
      byTag.put(tag.toLowerCase(Locale.ROOT), catalogue.language());
    }
    checkTag(defaultTag);
    this.fallback = Objects.requireNonNull(catalogues.get(defaultTag));
  }

  /** Throws {@link IllegalArgumentException} unless there is a catalogue of that tag. */
  public static void checkTag(String tag) {
    if (!TAGS.contains(tag)) {
      throw new IllegalArgumentException(
          "no language " + tag + "; there are " + String.join(", ", TAGS));
    }
  }

  /** Returns the catalogue of a language that is one of {@link #languages}. */
  public Catalogue of(Language language) {
    return Objects.requireNonNull(catalogues.get(language.tag()));
  }

  /** Returns the catalogue of a tag; that of the default language if it is none of ours. */
  public Catalogue of(String tag) {
    Language language = find(tag);
    return language == null ? fallback : of(language);
  }

  /** Returns the catalogue of a locale that {@link Language#locale} has returned. */
  public Catalogue of(Locale locale) {
    return of(locale.toLanguageTag());
  }

  /** The language of those who have not chosen one that is there. */
  public Language defaultLanguage() {
    return fallback.language();
  }

  /** All languages, in the order of menus. */
  public List<Language> languages() {
    return catalogues.values().stream().map(Catalogue::language).toList();
  }

  /**
   * Returns the language of a tag such as {@code de}, {@code de-AT} or {@code pt_br}; null if there
   * is none.
   */
  public @Nullable Language find(String tag) {
    Language exact = findExact(tag);
    if (exact != null) {
      return exact;
    }
    String primary = primary(tag.replace('_', '-'));
    return catalogues.values().stream()
        .map(Catalogue::language)
        .filter(language -> primary(language.tag()).equalsIgnoreCase(primary))
        .findFirst()
        .orElse(null);
  }

  /** Returns the language of a segment of a path, which is a tag as it is; null if it is none. */
  public @Nullable Language findExact(String segment) {
    return byTag.get(segment.replace('_', '-').toLowerCase(Locale.ROOT));
  }

  /**
   * Chooses a language by the header {@code Accept-Language}; the default one if none fits.
   * Simplified Chinese is chosen for readers of Traditional Chinese if they name no other language
   * that is there.
   */
  public Language negotiate(@Nullable String acceptLanguage) {
    if (acceptLanguage == null || acceptLanguage.length() > ACCEPT_LANGUAGE_MAX) {
      return fallback.language();
    }
    return negotiated.get(acceptLanguage, this::choose);
  }

  private Language choose(String acceptLanguage) {
    List<Locale.LanguageRange> ranges;
    try {
      ranges = Locale.LanguageRange.parse(acceptLanguage);
    } catch (IllegalArgumentException malformed) {
      return fallback.language();
    }
    Language inOtherScript = null;
    for (Locale.LanguageRange range : ranges) {
      Language language = range.getWeight() > 0 ? find(range.getRange()) : null;
      if (language != null && TRADITIONAL_CHINESE.matcher(range.getRange()).lookingAt()) {
        inOtherScript = language;
      } else if (language != null) {
        return language;
      }
    }
    return inOtherScript == null ? fallback.language() : inOtherScript;
  }

  private static String primary(String tag) {
    int end = tag.indexOf('-');
    return end < 0 ? tag : tag.substring(0, end);
  }

  private static Catalogue read(String tag, Runnable missing) {
    CatalogueFile file = FILES.computeIfAbsent(tag, Translations::readFile);
    return new Catalogue(file.language(), file.plurals(), file.entries(), missing);
  }

  private static CatalogueFile readFile(String tag) {
    if (tag.equals(Language.ENGLISH.tag())) {
      return new CatalogueFile(Language.ENGLISH, PluralRule.ENGLISH, Map.of());
    }
    String file = "/messages/" + tag + ".po";
    try {
      Map<PoEntry.Key, PoEntry> entries =
          PoReader.read(resource(file)).stream()
              .collect(
                  Collectors.toMap(
                      PoEntry::key, Function.identity(), (first, _) -> first, LinkedHashMap::new));
      PoEntry header = entries.remove(new PoEntry.Key("", HEADER));
      if (header == null) {
        throw new IllegalArgumentException("no header");
      }
      Map<String, String> fields = fields(header.translations().getFirst());
      var language = new Language(tag, require(fields, NAME), "rtl".equals(fields.get(DIRECTION)));
      return new CatalogueFile(
          language,
          PluralRule.parse(require(fields, PLURAL_FORMS)),
          Collections.unmodifiableMap(entries));
    } catch (IllegalArgumentException broken) {
      throw new IllegalStateException("the catalogue " + file + " is broken: " + broken, broken);
    }
  }

  private static Map<String, String> fields(String header) {
    return header
        .lines()
        .filter(line -> line.contains(":"))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.indexOf(':')).strip(),
                line -> line.substring(line.indexOf(':') + 1).strip(),
                (first, _) -> first));
  }

  private static String require(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name + " in the header");
    }
    return value;
  }

  private static String resource(String path) {
    try (InputStream content = Translations.class.getResourceAsStream(path)) {
      if (content == null) {
        throw new IllegalArgumentException("not on the class path");
      }
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
