package dev.rookery.protocol.page;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The branding of the pages in one language, as {@link ThemeReader} reads it from a file. Texts are
 * empty and files null where the theme has none.
 *
 * @param title the name of the product
 * @param description of the game, for search engines
 * @param logo path of a picture
 * @param favicon path of a picture
 * @param colorLight the colour of the browser around light pages, {@code colorDark} around dark
 *     ones
 * @param css a style sheet that overrides the CSS variables
 * @param cssPath under which browsers get that style sheet; empty for the one of the pages
 * @param privacy an HTML fragment, like {@code terms}
 * @param navLinks in the header of all pages
 * @param footerLinks in the footer of all pages
 */
public record Theme(
    String title,
    String description,
    String logo,
    String favicon,
    String colorLight,
    String colorDark,
    @Nullable Buffer css,
    String cssPath,
    @Nullable String privacy,
    @Nullable String terms,
    List<ThemeLink> navLinks,
    List<ThemeLink> footerLinks,
    ThemeHome home,
    ThemeContent content) {
  /** Returns the standard theme with the given product name. */
  public static Theme standard(String title) {
    return new Theme(
        title,
        "",
        "",
        "",
        "",
        "",
        null,
        "",
        null,
        null,
        List.of(),
        List.of(),
        ThemeHome.empty(title),
        ThemeContent.NONE);
  }
}
