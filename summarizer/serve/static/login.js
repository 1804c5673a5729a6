"use strict";
// The part of an address after # never reaches the site: without this one is led back to the page, not to the place on it.
{
  const next = document.querySelector("#door [name=next]");
  if (location.hash && !next.value.includes("#")) next.value += location.hash;
}
