package dev.rookery.protocol.page;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The branding of the pages in one language, as {@link ThemeReader} reads it from a file. Texts are
 * empty and files null where the theme has none.
 *
 * @param title the name of the product
 * @param tagline below the title of the home page
 * @param description of the game, for search engines
 * @param logo path of a picture
 * @param banner path of a picture; {@code bannerDark} is for dark pages
 * @param favicon path of a picture
 * @param colorLight the colour of the browser around light pages, {@code colorDark} around dark
 *     ones
 * @param css a style sheet that overrides the CSS variables
 * @param cssPath path of a style sheet below {@code /static/}
 * @param privacy an HTML fragment, like {@code terms}
 * @param navLinks in the header of all pages
 * @param usefulLinks buttons of the home page
 * @param footerLinks in the footer of all pages
 * @param features of the game, on the home page
 */
public record Theme(
    String title,
    String tagline,
    String description,
    String logo,
    String banner,
    String bannerDark,
    String favicon,
    String colorLight,
    String colorDark,
    @Nullable Buffer css,
    String cssPath,
    @Nullable String privacy,
    @Nullable String terms,
    List<ThemeLink> navLinks,
    List<ThemeLink> usefulLinks,
    List<ThemeLink> footerLinks,
    List<Feature> features,
    ThemeContent content) {
  /** A feature of the game. */
  record Feature(String title, String description) {}

  /** Returns the standard theme with the given product name. */
  public static Theme standard(String title) {
    return new Theme(
        title,
        "",
        "",
        "",
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
        List.of(),
        List.of(),
        ThemeContent.NONE);
  }
}
