package dev.rookery.translation;

import dev.rookery.base.Page;
import dev.rookery.base.Refused;
import dev.rookery.base.Revisions;
import dev.rookery.base.Sha256;
import dev.rookery.base.VisibleText;
import dev.rookery.bus.Bus;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.cluster.RowFollower;
import dev.rookery.store.Database;
import dev.rookery.translation.PoEntry.Key;
import dev.rookery.translation.TranslatedText.Status;
import dev.rookery.translation.TranslationCommand.Completeness;
import dev.rookery.translation.TranslationCommand.DomainCount;
import dev.rookery.translation.TranslationCommand.Filter;
import dev.rookery.translation.TranslationStore.Edited;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@link TranslationCommand} on virtual threads, and keeps the edited texts of this node as
 * they are in the database. A change is answered when the other nodes follow it too, as {@link
 * RowFollower} says. A node deploys exactly one instance.
 */
public final class TranslationVerticle extends VerticleBase {
  private static final int FORM_MAX = 2_000;
  private static final int ID_BYTES = 8;
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\w{1,30}}|</?\\w>");
  private static final String FORMS = "forms";

  private final Bus bus;
  private final NodeCalls calls;
  private final MeterRegistry meters;
  private final Database database;
  private final Translations translations;
  private final TranslationStore store = new TranslationStore();
  private final Map<String, PoEntry> texts = new LinkedHashMap<>();
  private long seenChanges = -1;

  @SuppressWarnings("NullAway.Init")
  private RowFollower rows;

  public TranslationVerticle(
      Bus bus,
      NodeCalls calls,
      Database database,
      Translations translations,
      MeterRegistry meters) {
    this.bus = bus;
    this.calls = calls;
    this.meters = meters;
    this.database = database;
    this.translations = translations;
    // All catalogues have the same texts; English has none of its own.
    translations.languages().stream()
        .map(translations::of)
        .filter(catalogue -> !catalogue.entries().isEmpty())
        .findFirst()
        .ifPresent(
            catalogue -> catalogue.entries().forEach(entry -> texts.put(id(entry.key()), entry)));
  }

  @Override
  public Future<?> start() {
    rows = new RowFollower(vertx, calls, meters, "edited texts", this::follow);
    rows.start();
    return Future.all(
        rows.followNow(),
        bus.<TranslationCommand<?>>serve(TranslationCommand.ADDRESS, this::handle));
  }

  @Override
  public Future<?> stop() {
    rows.close();
    return Future.succeededFuture();
  }

  private Object handle(TranslationCommand<?> command) {
    return switch (command) {
      case TranslationCommand.ListLanguages _ -> listLanguages();
      case TranslationCommand.ListTexts(var language, var filter, var page) ->
          listTexts(catalogue(language), filter, page);
      case TranslationCommand.FindText(var language, var id) -> find(catalogue(language), id);
      case TranslationCommand.EditText edit -> edit(edit);
      case TranslationCommand.ResetText(var language, var id) -> reset(catalogue(language), id);
      case TranslationCommand.ExportCatalogue(var language) -> export(catalogue(language));
    };
  }

  /** Reads the edited texts again if there was a change since they were read. */
  private void follow() {
    long changes = store.changes(database);
    if (changes != seenChanges) {
      load();
      seenChanges = changes;
    }
  }

  private void load() {
    var byLanguage = new HashMap<String, Map<Key, List<String>>>();
    for (Edited edited : store.all(database)) {
      PoEntry text = texts.get(edited.id());
      // A text that this release does not show any more is kept for one that does.
      if (text != null) {
        byLanguage
            .computeIfAbsent(edited.language(), _ -> new HashMap<>())
            .put(text.key(), edited.forms());
      }
    }
    for (Language language : translations.languages()) {
      translations.of(language).replaceOverrides(byLanguage.getOrDefault(language.tag(), Map.of()));
    }
  }

  private Catalogue catalogue(String tag) {
    Language language = translations.findExact(tag);
    if (language == null) {
      throw Refused.missing("not_found");
    }
    return translations.of(language);
  }

  private List<Completeness> listLanguages() {
    Map<String, Edited> edited = edited();
    return translations.languages().stream()
        .map(translations::of)
        .map(
            catalogue -> {
              var domains = new TreeMap<String, int[]>();
              for (TranslatedText text : texts(catalogue, edited)) {
                int[] counts = domains.computeIfAbsent(text.domain(), _ -> new int[3]);
                counts[0]++;
                counts[1] += isShown(text.status()) ? 1 : 0;
                counts[2] += text.status() == Status.EDITED ? 1 : 0;
              }
              var list = new ArrayList<DomainCount>();
              domains.forEach(
                  (domain, counts) ->
                      list.add(new DomainCount(domain, counts[0], counts[1], counts[2])));
              return new Completeness(catalogue.language(), list);
            })
        .toList();
  }

  private static boolean isShown(Status status) {
    return status == Status.TRANSLATED || status == Status.EDITED;
  }

  private Map<String, Edited> edited() {
    var edited = new HashMap<String, Edited>();
    store.all(database).forEach(each -> edited.put(each.language() + '/' + each.id(), each));
    return edited;
  }

  private List<TranslatedText> texts(Catalogue catalogue, Map<String, Edited> edited) {
    var all = new ArrayList<TranslatedText>();
    Map<Key, PoEntry> entries = entries(catalogue);
    String language = catalogue.language().tag();
    texts.forEach(
        (id, text) -> all.add(view(catalogue, id, text, entries, edited.get(language + '/' + id))));
    return all;
  }

  private static Map<Key, PoEntry> entries(Catalogue catalogue) {
    var entries = new HashMap<Key, PoEntry>();
    catalogue.entries().forEach(entry -> entries.put(entry.key(), entry));
    return entries;
  }

  private static TranslatedText view(
      Catalogue catalogue,
      String id,
      PoEntry text,
      Map<Key, PoEntry> entries,
      @Nullable Edited edited) {
    boolean english = catalogue.language().equals(Language.ENGLISH);
    PoEntry entry = entries.get(text.key());
    List<String> forms = english ? source(text) : entry == null ? List.of() : entry.translations();
    Status status =
        edited != null
            ? Status.EDITED
            : english
                ? Status.TRANSLATED
                : entry == null || (!entry.fuzzy() && !entry.isTranslated())
                    ? Status.MISSING
                    : entry.fuzzy() ? Status.FUZZY : Status.TRANSLATED;
    return new TranslatedText(
        id,
        catalogue.language().tag(),
        text.domain(),
        text.context(),
        text.text(),
        text.plural(),
        forms,
        edited == null ? List.of() : edited.forms(),
        status,
        edited == null ? 0 : edited.revision(),
        edited == null ? 0 : edited.updatedMs());
  }

  private static List<String> source(PoEntry text) {
    String plural = text.plural();
    return plural == null ? List.of(text.text()) : List.of(text.text(), plural);
  }

  private Page<TranslatedText> listTexts(Catalogue catalogue, Filter filter, Page.Request page) {
    String words = filter.words() == null ? "" : filter.words().toLowerCase(Locale.ROOT);
    List<TranslatedText> found =
        texts(catalogue, edited()).stream()
            .filter(text -> filter.domain() == null || text.domain().equals(filter.domain()))
            .filter(text -> filter.status() == null || text.status() == filter.status())
            .filter(text -> contains(text, words))
            .toList();
    int from = (int) Math.min(page.offset(), found.size());
    int to = Math.min(from + page.size(), found.size());
    return new Page<>(found.subList(from, to), page.number(), page.size(), found.size());
  }

  private static boolean contains(TranslatedText text, String words) {
    return words.isEmpty()
        || text.text().toLowerCase(Locale.ROOT).contains(words)
        || text.forms().stream().anyMatch(form -> form.toLowerCase(Locale.ROOT).contains(words));
  }

  private TranslatedText find(Catalogue catalogue, String id) {
    PoEntry text = text(id);
    Edited edited = store.find(database, catalogue.language().tag(), id).orElse(null);
    return view(catalogue, id, text, entries(catalogue), edited);
  }

  private PoEntry text(String id) {
    PoEntry text = texts.get(id);
    if (text == null) {
      throw Refused.missing("not_found");
    }
    return text;
  }

  private TranslatedText edit(TranslationCommand.EditText edit) {
    Catalogue catalogue = catalogue(edit.language());
    PoEntry text = text(edit.id());
    check(catalogue, text, edit.forms());
    String language = catalogue.language().tag();
    // Read in the same transaction: the answer shows this edit, also if others follow at once.
    Edited stored =
        database.write(
            tx -> {
              store.countChange(tx);
              long revision = store.find(tx, language, edit.id()).map(Edited::revision).orElse(0L);
              Revisions.mustBe(edit.revision(), revision);
              return store.put(tx, language, edit.id(), edit.forms());
            });
    rows.followOnAllNodes();
    return view(catalogue, edit.id(), text, entries(catalogue), stored);
  }

  private TranslatedText reset(Catalogue catalogue, String id) {
    PoEntry text = text(id);
    database.write(
        tx -> {
          store.countChange(tx);
          store.remove(tx, catalogue.language().tag(), id);
          return id;
        });
    rows.followOnAllNodes();
    return view(catalogue, id, text, entries(catalogue), null);
  }

  private static void check(Catalogue catalogue, PoEntry text, List<String> forms) {
    int wanted = text.plural() == null ? 1 : catalogue.plurals().forms();
    if (forms.size() != wanted) {
      throw Refused.invalid(FORMS, "must be " + wanted + " text(s), one for each plural form");
    }
    Set<String> known = placeholders(text.text());
    if (text.plural() != null) {
      known.addAll(placeholders(text.plural()));
    }
    for (int form = 0; form < forms.size(); form++) {
      String value = forms.get(form);
      if (value.isBlank() || value.length() > FORM_MAX) {
        throw Refused.invalid(FORMS, "must have 1 to " + FORM_MAX + " characters");
      }
      // A text of one line may be the subject of an email, where a line feed would begin a header.
      boolean lines = text.text().indexOf('\n') >= 0;
      if (!(lines ? VisibleText.faultsOfLines(value) : VisibleText.faultsOfLine(value)).isEmpty()) {
        throw Refused.invalid(FORMS, "must not contain control characters");
      }
      checkPlaceholders(value, known, text.plural() != null);
    }
  }

  /** A plural form may leave the number out, as in “one day”. */
  private static void checkPlaceholders(String form, Set<String> known, boolean plural) {
    Set<String> found = placeholders(form);
    var missing = new TreeSet<>(known);
    missing.removeAll(found);
    if (plural) {
      missing.remove("{count}");
    }
    found.removeAll(known);
    if (!missing.isEmpty() || !found.isEmpty()) {
      throw Refused.invalid(
          FORMS,
          missing.isEmpty()
              ? "must not contain " + String.join(" ", found)
              : "must contain " + String.join(" ", missing));
    }
  }

  private static Set<String> placeholders(String text) {
    var found = new TreeSet<String>();
    Matcher matcher = PLACEHOLDER.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }

  private String export(Catalogue catalogue) {
    var entries = new ArrayList<PoEntry>();
    for (TranslatedText text : texts(catalogue, edited())) {
      int forms = text.plural() == null ? 1 : catalogue.plurals().forms();
      List<String> shown =
          text.forms().size() == forms ? text.forms() : Collections.nCopies(forms, "");
      entries.add(
          new PoEntry(
              text.domain(),
              text.context(),
              text.text(),
              text.plural(),
              shown,
              text.status() == Status.FUZZY));
    }
    return PoWriter.header(catalogue) + "\n" + PoWriter.write(entries);
  }

  /** Made of the text alone, so that it is the same on all nodes and in all releases. */
  private static String id(Key key) {
    return Sha256.hex(key.context() + '\0' + key.text(), ID_BYTES);
  }
}
