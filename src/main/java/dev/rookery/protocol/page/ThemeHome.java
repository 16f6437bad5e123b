package dev.rookery.protocol.page;

import java.util.List;

/**
 * The home page of a game. Texts are empty where the theme has none.
 *
 * @param title above the page
 * @param tagline below the title
 * @param banner path of a picture; {@code bannerDark} is for dark pages
 * @param links buttons; the first one is the primary one unless the theme says otherwise
 * @param sections below the buttons, in their order
 */
record ThemeHome(
    String title,
    String tagline,
    String description,
    String banner,
    String bannerDark,
    List<ThemeLink> links,
    List<Section> sections) {
  /** A part of the page: a heading and text, features as boxes, and links. */
  record Section(
      String title,
      String description,
      String icon,
      List<Feature> features,
      List<ThemeLink> links) {}

  /** A feature of the game. */
  record Feature(String title, String description, String icon) {}

  /** With nothing but a title. */
  static ThemeHome empty(String title) {
    return new ThemeHome(title, "", "", "", "", List.of(), List.of());
  }
}
