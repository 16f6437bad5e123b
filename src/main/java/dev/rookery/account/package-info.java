/** What concerns a player in all domains at once; the last in their order. */
@NullMarked
package dev.rookery.account;

import org.jspecify.annotations.NullMarked;
