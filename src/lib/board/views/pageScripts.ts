/** What runs in the browser of whoever reads a page, by the clock of their machine. Nothing on a page needs it. */

/** Adds the reader's own time to each instant where it is not that of UTC. Nothing on the page needs it. */
export const LOCAL_TIMES = `for(const t of document.querySelectorAll('time')){const d=new Date(t.dateTime);if(isNaN(d)||!d.getTimezoneOffset())continue;const s=document.createElement('span');s.textContent=' ('+d.toLocaleString([],{dateStyle:'medium',timeStyle:'short'})+' here)';t.after(s)}`;

/** After so long what a page says of now is no longer true: somebody left it open. */
const STALE_MINUTES = 15;

/** Says on a page of the server that it has been open for too long to be believed. A file is of its own time. */
export const STALE_NOTE = `const from=Date.now(),stale=()=>{if(Date.now()-from<${STALE_MINUTES}*6e4)return;clearInterval(every);const p=document.createElement('p');p.className='warning';p.setAttribute('role','status');p.textContent='▲ This page is more than ${STALE_MINUTES} minutes old: load it again to see how things are now.';document.querySelector('main').prepend(p)},every=setInterval(stale,3e4)`;
