/**
 * Achievements: their definitions, and how far each player is. The server and admins unlock them
 * and count progress; players hear of it on their stream.
 */
@NullMarked
package dev.rookery.achievement;

import org.jspecify.annotations.NullMarked;
