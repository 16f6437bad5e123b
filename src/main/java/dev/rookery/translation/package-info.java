/**
 * The texts of pages and emails in the languages of players. The English sentence is the key; each
 * other language has a catalogue in the gettext format, {@code messages/<language>.po}. A text that
 * a catalogue does not have is shown in English and counted.
 */
@NullMarked
package dev.rookery.translation;

import org.jspecify.annotations.NullMarked;
