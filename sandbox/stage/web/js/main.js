// Fetches the state, draws the page, connects the stream.

import { connect, fetchState } from './net.js';
import { drawPage } from './page.js';
import { takeState } from './store.js';
import { useTexts } from './words.js';

const state = await fetchState();
useTexts(state.texts, state.language);
takeState(state);
drawPage();
connect();
