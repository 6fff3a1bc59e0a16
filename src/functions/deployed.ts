import { endInOrder } from '../lib/app/refresher.ts';
import './index.ts';

/** What the worker of Azure Functions loads: the functions, in a process that is theirs alone. */
endInOrder();
