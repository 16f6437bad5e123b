package dev.rookery.protocol.page;

import dev.rookery.base.FileStamp;
import dev.rookery.console.ThemeState;
import dev.rookery.console.ThemeState.Contrast;
import dev.rookery.console.ThemeState.Finding;
import dev.rookery.console.ThemeState.ThemeLanguage;
import dev.rookery.translation.Language;
import dev.rookery.translation.Translations;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The theme of the pages in each language. For {@code config.json} and Brazilian Portuguese it is
 * the first that exists of {@code config.pt_br.json}, {@code config.pt.json}, {@code
 * config.en.json} and {@code config.json}.
 *
 * <p>Files are looked at every {@link #INTERVAL}, and read again together when one has changed. If
 * they cannot be used, the theme stays as it was, and {@link #warnings} says why.
 */
public final class Themes {
  private static final Logger LOG = LoggerFactory.getLogger(Themes.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** Under it are the pictures of Markdown files; of other files than the default by language. */
  static final String IMAGES = "/content/";

  /** Under it are the pages that the console shows of the theme. */
  static final String PREVIEW = "/theme/preview";

  private static final String SUFFIX = ".json";
  private static final String STANDARD_SHEET = "/page/page.css";

  private final @Nullable Path given;
  private final String title;
  private final Path staticFolder;
  private final Translations translations;
  private final InstantSource clock;
  private volatile State state;

  /**
   * @param names the file of each language, by its tag
   * @param findings what is ignored in the files
   * @param problem why the files as they are now cannot be used; empty if they can
   */
  private record State(
      Map<String, Theme> themes,
      Map<String, Path> names,
      Set<Path> files,
      Map<Path, Optional<FileStamp>> stamps,
      List<Finding> findings,
      List<Contrast> contrasts,
      Optional<Finding> problem,
      long readMs) {}

  /**
   * Reads the theme. Throws {@link IllegalArgumentException} that names the file and the error.
   *
   * @param given null for the standard theme
   * @param title the product name if a file has none
   * @param staticFolder where the pictures of the pages are
   */
  public Themes(
      @Nullable Path given,
      String title,
      Path staticFolder,
      Translations translations,
      InstantSource clock) {
    this.given = given;
    this.title = title;
    this.staticFolder = staticFolder;
    this.translations = translations;
    this.clock = clock;
    this.state =
        given == null
            ? new State(
                Map.of(), Map.of(), Set.of(), Map.of(), List.of(), List.of(), Optional.empty(), 0)
            : read(given, new HashSet<>(), Map.of());
  }

  /** Looks at the files from time to time. */
  public void watch(Vertx vertx) {
    if (given != null) {
      vertx.setPeriodic(
          INTERVAL.toMillis(), _ -> vertx.executeBlocking(this::refresh).onFailure(Themes::failed));
    }
  }

  private static void failed(Throwable failure) {
    LOG.warn("the theme could not be looked at, and stays as it is: {}", failure.toString());
  }

  /** Whether there is a theme file. */
  boolean isConfigured() {
    return given != null;
  }

  /** The theme in the default language. */
  public Theme standard() {
    return of(translations.defaultLanguage());
  }

  Theme of(Language language) {
    Theme theme = state.themes.get(language.tag());
    return theme == null ? Theme.standard(title) : theme;
  }

  /** The theme of the language with that tag; null if there is no file, or no such language. */
  @Nullable Theme find(String tag) {
    return state.themes.get(tag);
  }

  /** What an admin should know of the theme: that it cannot be used, or what of it. */
  public List<String> warnings() {
    State now = state;
    return now.problem.isPresent()
        ? now.problem.map(Finding::text).stream().toList()
        : Stream.concat(
                now.findings.stream().map(Themes::describe),
                now.contrasts.stream()
                    .filter(contrast -> !contrast.enough())
                    .map(
                        contrast ->
                            "The style sheet of the theme: "
                                + ThemeContrast.warning(contrast)
                                + "."))
            .toList();
  }

  private static String describe(Finding finding) {
    String line = finding.line() == 0 ? "" : ", line " + finding.line();
    return "The theme " + finding.file() + line + ": " + finding.text() + ".";
  }

  /** What the console shows of the theme. */
  public ThemeState state() {
    State now = state;
    if (given == null) {
      return ThemeState.NONE;
    }
    var languages = new ArrayList<ThemeLanguage>();
    for (Language language : translations.languages()) {
      languages.add(
          new ThemeLanguage(
              language.tag(),
              language.name(),
              String.valueOf(now.names.get(language.tag())),
              of(language).title()));
    }
    List<Finding> findings = Stream.concat(now.problem.stream(), now.findings.stream()).toList();
    return new ThemeState(given.toString(), now.readMs, languages, findings, now.contrasts);
  }

  /** Reads the files again, whether or not one has changed; blocks. */
  public ThemeState reload() {
    if (given != null) {
      readAgain(given);
    }
    return state();
  }

  /** Reads the files again if one of them has changed; returns whether that was so. */
  boolean refresh() {
    State before = state;
    if (given == null || stamps(before.files).equals(before.stamps)) {
      return false;
    }
    readAgain(given);
    return true;
  }

  private synchronized void readAgain(Path file) {
    State before = state;
    var files = new HashSet<Path>();
    try {
      // A file that changes while it is read has the stamp from before, and is read once more.
      state = read(file, files, stamps(before.files));
      LOG.info("the theme {} was read again", file);
    } catch (IllegalArgumentException broken) {
      // The stamps are those of the broken files, so that they are not read again and again. One
      // that is missing may come later.
      files.addAll(before.files);
      String text =
          "The changed theme cannot be used, and the previous one stays: "
              + broken.getMessage()
              + ".";
      int line = broken instanceof ThemeException fault ? fault.line() : 0;
      state =
          new State(
              before.themes,
              before.names,
              Set.copyOf(files),
              stamps(files),
              before.findings,
              before.contrasts,
              Optional.of(new Finding(true, String.valueOf(file.getFileName()), line, text)),
              clock.millis());
      LOG.warn("{}", text);
    }
  }

  /**
   * @param files gets all files that the themes are made of
   * @param stampedBefore the stamps of files that were known before
   */
  private State read(Path file, Set<Path> files, Map<Path, Optional<FileStamp>> stampedBefore) {
    var findings = new LinkedHashSet<Finding>();
    var contrasts = new LinkedHashSet<Contrast>();
    var byPath = new HashMap<Path, Theme>();
    var themes = new HashMap<String, Theme>();
    var names = new HashMap<String, Path>();
    Path standard = find(file, translations.defaultLanguage());
    for (Language language : translations.languages()) {
      files.addAll(candidates(file, language));
      Path found = find(file, language);
      Theme theme = byPath.get(found);
      if (theme == null) {
        String images = IMAGES + (found.equals(standard) ? "" : language.tag() + "/");
        ThemeReader.Read read = ThemeReader.read(found, title, staticFolder, images, files);
        theme = read.theme();
        byPath.put(found, theme);
        findings.addAll(read.findings());
        contrasts.addAll(contrasts(found, theme));
      }
      themes.put(language.tag(), theme);
      names.put(language.tag(), found);
    }
    var stamps = new HashMap<>(stampedBefore);
    stamps.keySet().retainAll(files);
    stamps(files).forEach(stamps::putIfAbsent);
    return new State(
        Map.copyOf(themes),
        Map.copyOf(names),
        Set.copyOf(files),
        stamps,
        List.copyOf(findings),
        List.copyOf(contrasts),
        Optional.empty(),
        clock.millis());
  }

  private static List<Contrast> contrasts(Path file, Theme theme) {
    Buffer css = theme.css();
    return css == null
        ? List.of()
        : ThemeContrast.measure(
            standardSheet(), String.valueOf(file.getFileName()), css.toString());
  }

  private static String standardSheet() {
    try (InputStream content = Themes.class.getResourceAsStream(STANDARD_SHEET)) {
      if (content == null) {
        throw new IllegalStateException(STANDARD_SHEET + " is not on the class path");
      }
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path find(Path file, Language language) {
    return candidates(file, language).stream().filter(Files::exists).findFirst().orElse(file);
  }

  private static List<Path> candidates(Path file, Language language) {
    String name = file.toString();
    if (!name.endsWith(SUFFIX)) {
      return List.of(file);
    }
    String base = name.substring(0, name.length() - SUFFIX.length());
    String tag = language.tag();
    var suffixes = new LinkedHashSet<String>();
    suffixes.add(tag.toLowerCase(Locale.ROOT).replace('-', '_'));
    suffixes.add(tag);
    suffixes.add(tag.substring(0, tag.indexOf('-') < 0 ? tag.length() : tag.indexOf('-')));
    suffixes.add(Language.ENGLISH.tag());
    var candidates = new ArrayList<Path>();
    suffixes.forEach(suffix -> candidates.add(Path.of(base + "." + suffix + SUFFIX)));
    candidates.add(file);
    return candidates;
  }

  private static Map<Path, Optional<FileStamp>> stamps(Set<Path> files) {
    var stamps = new HashMap<Path, Optional<FileStamp>>();
    for (Path file : files) {
      try {
        stamps.put(
            file, Optional.of(FileStamp.of(Files.readAttributes(file, BasicFileAttributes.class))));
      } catch (NoSuchFileException _) {
        stamps.put(file, Optional.empty());
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
    return stamps;
  }
}
