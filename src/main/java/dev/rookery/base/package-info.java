/**
 * Value types that every other package uses: identifiers, refusals, positions, pages. Depends on
 * the JDK alone.
 */
@NullMarked
package dev.rookery.base;

import org.jspecify.annotations.NullMarked;
