package dev.rookery.protocol.page;

import dev.rookery.edge.ChunkedBody;
import dev.rookery.session.Session;
import dev.rookery.translation.Language;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes the responses of pages: rendered templates, redirects and downloads. Template variables
 * are escaped, and the content security policy allows resources of this server only; scripts only
 * where a page is made of them.
 */
final class PageResponseWriter {
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
          + " frame-ancestors 'none'";

  private static final String SCRIPT_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private static final String APPLICATION_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private static final String PREVIEW_POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none';"
          + " frame-ancestors 'self'";

  /** Other clients than browsers get something else under some of the paths. */
  private static final String VARY = "accept, accept-language";

  private static final Pattern PRIVATE_PATHS =
      Pattern.compile("/(?:(?:users|admin|auth|dev)/|chat|notifications)");

  private final Themes themes;
  private final Supplier<String> publicUrl;
  private final PageLanguages languages;

  PageResponseWriter(PageSettings settings, PageLanguages languages) {
    this.themes = settings.themes();
    this.publicUrl = settings.publicUrl();
    this.languages = languages;
    // Now, so that no event loop does it later.
    PageTemplates.compile();
  }

  Future<Void> render(PageRequest request, PageResponse.Render page) {
    return withSecurityHeaders(request.context().response())
        .setStatusCode(page.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .putHeader("content-language", request.texts().language().tag())
        .putHeader(HttpHeaders.VARY, VARY)
        .end(text(request, page.template(), page.model()));
  }

  Future<Void> render(PageRequest request, PageResponse.Scripted page) {
    return withSecurityHeaders(request.context().response())
        .setStatusCode(page.status())
        .putHeader("content-security-policy", SCRIPT_POLICY)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .putHeader("content-language", request.texts().language().tag())
        .putHeader(HttpHeaders.VARY, VARY)
        .end(text(request, page.template(), page.model()));
  }

  Future<Void> render(PageRequest request, PageResponse.Application page) {
    return withSecurityHeaders(request.context().response())
        .putHeader("content-security-policy", APPLICATION_POLICY)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .putHeader("content-language", request.texts().language().tag())
        .putHeader(HttpHeaders.VARY, VARY)
        .end(text(request, page.template(), page.model()));
  }

  /**
   * Renders a page for a frame of the console, in which nothing can be sent.
   *
   * @param scheme {@code light} or {@code dark}, whatever the browser prefers
   */
  Future<Void> preview(PageRequest request, PageResponse.Render page, String scheme) {
    var model = new HashMap<>(page.model());
    model.put("scheme", scheme);
    return withSecurityHeaders(request.context().response())
        .putHeader("content-security-policy", PREVIEW_POLICY)
        .putHeader("x-frame-options", "SAMEORIGIN")
        .putHeader("x-robots-tag", "noindex")
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .end(text(request, page.template(), model));
  }

  private String text(PageRequest request, String template, Map<String, Object> content) {
    var texts = request.texts();
    var zone = request.viewer().timeZone();
    var model = new HashMap<String, Object>();
    content.forEach((name, value) -> model.put(name, PageTexts.localize(value, texts, zone)));
    Theme theme = themes.of(texts.language());
    model.put("product", theme.title());
    model.putIfAbsent("scheme", "");
    model.put("theme", view(theme, request.session()));
    model.put("themeSheet", sheet(theme, texts.language(), model.get("scheme")));
    model.put("csrfToken", request.csrfToken());
    model.put("signedIn", request.session() != null);
    model.put("unread", request.viewer().unread());
    model.putIfAbsent("errors", Map.of());
    model.putIfAbsent("error", "");
    model.putIfAbsent("notice", texts.translate(Messages.success(request.queryParameter("done"))));
    model.put("language", view(texts.language(), ""));
    model.put("languages", menu(request));
    model.put("alternates", alternates(request));
    String text = PageTemplates.render(template, model, languages.translations(), texts.language());
    return languages.withPrefixedLinks(text, request.prefix());
  }

  /** The address of the style sheet of the theme; empty if it has none. */
  private static String sheet(Theme theme, Language language, @Nullable Object scheme) {
    if (theme.css() == null) {
      return "";
    }
    boolean forced = !"".equals(scheme);
    return theme.cssPath().isEmpty() || forced
        ? "/page/theme.css?language=" + language.tag() + (forced ? "&scheme=" + scheme : "")
        : theme.cssPath();
  }

  private static Map<String, Object> view(Theme theme, @Nullable Session session) {
    boolean signedIn = session != null;
    boolean admin = session != null && session.admin();
    return Map.of(
        "logo", theme.logo(),
        "favicon", theme.favicon(),
        "description", theme.description(),
        "colorLight", theme.colorLight(),
        "colorDark", theme.colorDark(),
        "navLinks", visible(theme.navLinks(), signedIn, admin),
        "footerLinks", visible(theme.footerLinks(), signedIn, admin));
  }

  private static List<ThemeLink> visible(List<ThemeLink> links, boolean signedIn, boolean admin) {
    return links.stream()
        .filter(link -> link.visibility().includes(signedIn, admin))
        .map(link -> link.withItems(visible(link.items(), signedIn, admin)))
        .toList();
  }

  /** The languages, each with the address of this page in it. */
  private List<Map<String, String>> menu(PageRequest request) {
    String query = request.context().request().query();
    String page =
        languages.isOpenable(request.context().request())
            ? request.context().request().path() + (query == null ? "" : "?" + query)
            : SettingsPages.SETTINGS;
    return languages.translations().languages().stream()
        .map(language -> view(language, "/" + language.tag() + page))
        .toList();
  }

  /** The same page in other languages, for search engines; none for pages about one player. */
  private List<Map<String, String>> alternates(PageRequest request) {
    String path = request.context().request().path();
    return PRIVATE_PATHS.matcher(path).lookingAt()
        ? List.of()
        : languages.translations().languages().stream()
            .map(language -> view(language, publicUrl.get() + "/" + language.tag() + path))
            .toList();
  }

  private static Map<String, String> view(Language language, String address) {
    return Map.of(
        "tag", language.tag(),
        "name", language.name(),
        "direction", language.direction(),
        "address", address);
  }

  Future<Void> send(PageRequest request, JsonObject content) {
    return withSecurityHeaders(request.context().response())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
        .end(content.encode());
  }

  Future<Void> send(PageRequest request, String type, String content) {
    return withSecurityHeaders(request.context().response())
        .putHeader(HttpHeaders.CONTENT_TYPE, type)
        .end(content);
  }

  Future<Void> renderProblem(PageRequest request, int status, Message title, Message lead) {
    var model = Map.<String, Object>of("title", title, "lead", lead, "back", "/users/settings");
    return render(request, new PageResponse.Render(status, "problem", model));
  }

  /** Redirects with 303 See Other, so that reloading the target does not send the form again. */
  Future<Void> redirect(PageRequest request, String path) {
    return withSecurityHeaders(request.context().response())
        .setStatusCode(303)
        .putHeader(HttpHeaders.LOCATION, languages.withPrefix(path, request.prefix()))
        .end();
  }

  Future<Void> download(PageRequest request, String name, ChunkedBody content) {
    var response =
        withSecurityHeaders(request.context().response())
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
            .putHeader("content-disposition", "attachment; filename=\"" + name + "\"");
    return content.send(response);
  }

  /**
   * Adds the security headers. The URL may contain a token, so no referrer is sent to other sites.
   */
  private static HttpServerResponse withSecurityHeaders(HttpServerResponse response) {
    // Other origins never read a page, whatever CORS allows for the API.
    response.headers().remove(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN);
    return response
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("content-security-policy", CONTENT_SECURITY_POLICY)
        .putHeader("cross-origin-opener-policy", "same-origin")
        .putHeader("referrer-policy", "same-origin")
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("x-frame-options", "DENY");
  }
}
