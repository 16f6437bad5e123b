package dev.rookery.protocol.page;

import java.util.List;
import java.util.Locale;

/**
 * A link of a theme.
 *
 * @param href a path of this server, or an address that begins with {@code https:} or {@code
 *     http:}; empty for a group of links alone
 * @param external whether it leads to another site
 * @param icon of {@link ThemeIcons}; empty for none
 * @param style {@code primary} or {@code secondary} for a button; empty for what the page chooses
 * @param items links below it; these have none
 */
record ThemeLink(
    String label,
    String href,
    Visibility visibility,
    boolean external,
    String icon,
    String style,
    List<ThemeLink> items) {
  ThemeLink {
    items = List.copyOf(items);
  }

  ThemeLink withItems(List<ThemeLink> others) {
    return new ThemeLink(label, href, visibility, external, icon, style, others);
  }

  /** Who sees a link. */
  enum Visibility {
    ANY,
    AUTHENTICATED,
    GUEST,
    ADMIN;

    static Visibility parse(String text) {
      for (Visibility visibility : values()) {
        if (visibility.name().toLowerCase(Locale.ROOT).equals(text)) {
          return visibility;
        }
      }
      throw new IllegalArgumentException(
          "auth is " + text + "; it is any, authenticated, guest or admin");
    }

    boolean includes(boolean signedIn, boolean admin) {
      return switch (this) {
        case ANY -> true;
        case AUTHENTICATED -> signedIn;
        case GUEST -> !signedIn;
        case ADMIN -> admin;
      };
    }
  }
}
