package dev.rookery.protocol.page;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.player.PlayerCommand;
import dev.rookery.session.Session;
import dev.rookery.translation.Catalogue;
import dev.rookery.translation.Language;
import dev.rookery.translation.Translations;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.BitSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the language of a page: that of the prefix in its address, as in {@code /de/privacy};
 * else the one that the player has chosen; else the one that the browser prefers; else the default.
 * Links of a page that was asked for by a prefix keep it.
 */
final class PageLanguages {
  private static final Pattern LINK = Pattern.compile("(href|action)=\"(/[^\"]*)\"");
  // The pages of admins and of developers.
  private static final Pattern ENGLISH_PATHS = Pattern.compile("/(?:admin|dev)/");
  private static final String HOME = "/";

  private final Bus bus;
  private final Translations translations;
  // The first segments of the paths of pages; filled while they are mounted.
  private final Set<String> segments = ConcurrentHashMap.newKeySet();

  private final Set<String> pages = ConcurrentHashMap.newKeySet();

  /** How many characters the tags of languages have. */
  private final BitSet tagLengths = new BitSet();

  PageLanguages(Bus bus, Translations translations) {
    this.bus = bus;
    this.translations = translations;
    translations.languages().forEach(language -> tagLengths.set(language.tag().length()));
    // Its pages are English, but its addresses take a prefix too.
    segments.add("admin");
  }

  Translations translations() {
    return translations;
  }

  /** Adds a path under which a page or a form is served. */
  void add(String path) {
    segments.add(firstSegment(path));
  }

  /** Adds a path that a browser can open. */
  void addPage(String path) {
    add(path);
    pages.add(path);
  }

  /** Whether a browser can open the path of a request, and not only send a form there. */
  boolean isOpenable(HttpServerRequest request) {
    return request.method().equals(HttpMethod.GET) || pages.contains(request.path());
  }

  /** Returns the path of a page without the prefix of a language; any other path as it is. */
  String servedPath(String path) {
    Language language = language(path);
    if (language == null) {
      return path;
    }
    String rest = path.substring(1 + firstSegment(path).length());
    String served = rest.isEmpty() ? HOME : rest;
    return isPage(served) ? served : path;
  }

  /** Returns the prefix of the address of a request, for example {@code /de}; empty if none. */
  String prefix(HttpServerRequest request) {
    String uri = request.uri();
    // A request whose path is the one that was sent has no prefix, whatever its first segment is.
    Language language =
        uri == null || withoutQuery(uri).equals(request.path()) ? null : language(uri);
    return language == null ? "" : "/" + language.tag();
  }

  /** Chooses the language of a request. */
  Future<Catalogue> choose(HttpServerRequest request, @Nullable Session session, String prefix) {
    if (ENGLISH_PATHS.matcher(request.path()).lookingAt()) {
      return Future.succeededFuture(translations.of(Language.ENGLISH));
    }
    if (!prefix.isEmpty()) {
      return Future.succeededFuture(translations.of(prefix.substring(1)));
    }
    return session == null ? preferred(request) : chosen(request, session.player());
  }

  private Future<Catalogue> preferred(HttpServerRequest request) {
    return Future.succeededFuture(
        translations.of(translations.negotiate(request.getHeader(HttpHeaders.ACCEPT_LANGUAGE))));
  }

  private Future<Catalogue> chosen(HttpServerRequest request, PlayerId player) {
    return bus.ask(new PlayerCommand.FindLanguage(player))
        .compose(
            tag ->
                tag.isEmpty() || translations.find(tag) == null
                    ? preferred(request)
                    : Future.succeededFuture(translations.of(tag)));
  }

  /** Adds the prefix to a path of a page. */
  String withPrefix(String path, String prefix) {
    return prefix.isEmpty() || !isPage(path) ? path : prefix + path;
  }

  /** Adds the prefix to the links and forms of a page that lead to pages. */
  String withPrefixedLinks(String html, String prefix) {
    if (prefix.isEmpty()) {
      return html;
    }
    return LINK.matcher(html)
        .replaceAll(
            link ->
                Matcher.quoteReplacement(
                    link.group(1) + "=\"" + withPrefix(link.group(2), prefix) + '"'));
  }

  private static String withoutQuery(String uri) {
    int end = uri.indexOf('?');
    return end < 0 ? uri : uri.substring(0, end);
  }

  private boolean isPage(String path) {
    return segments.contains(firstSegment(path));
  }

  /** Called for each request, most of which are of the API: those cost no more than a look. */
  private @Nullable Language language(String path) {
    return tagLengths.get(endOfFirstSegment(path) - 1)
        ? translations.findExact(firstSegment(path))
        : null;
  }

  private static String firstSegment(String path) {
    return path.isEmpty() ? "" : path.substring(1, endOfFirstSegment(path));
  }

  private static int endOfFirstSegment(String path) {
    int end = 1;
    while (end < path.length() && "/?#".indexOf(path.charAt(end)) < 0) {
      end++;
    }
    return end;
  }
}
